/** Fragments that several mappings include: who wins, what does not belong there, and where mistakes are told. */
import { describe, expect, test } from 'vitest';
import { loadMapping } from '../../app/mapping/index.ts';
import { around, type Folder, loaded, MAIN, main, told, warned } from './folder.ts';
import { NOW, person, type Values } from './people.ts';

function account(text: string, folder: Folder, values: Values = {}): unknown {
  const mapped = loaded(text, folder).map(person(values), NOW);
  return mapped.kind === 'in-scope' ? mapped.user : mapped;
}

const NAMES = `vars: { login: '= e.mail.lower()' }
attributes:
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  title: { value: '= e.title', required: true }
  emails: [{ value: '= v.login', type: work }]
`;

test('a mapping takes what it does not say itself from the files that it includes', () => {
  const text = main(
    'include: [shared/names.yaml]',
    'attributes:',
    "  userName: '= v.login'",
    '  active: true',
  );
  const ada = { mail: 'Ada@example.test', givenName: 'Ada', sn: 'Lovelace', title: 'Analyst' };
  expect(account(text, { 'mappings/shared/names.yaml': NAMES }, ada)).toEqual({
    userName: 'ada@example.test',
    active: true,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    title: 'Analyst',
    emails: [{ value: 'ada@example.test', type: 'work' }],
  });
});

test('the mapping wins over its fragments and later ones over earlier ones; maps merge, lists are replaced', () => {
  const folder = {
    'mappings/a.yaml': `attributes:
  title: from a
  nickName: { value: from a, required: true }
  displayName: from a
  name: { givenName: from a, familyName: from a }
  emails: [{ value: a@example.test }, { value: b@example.test }]
tables: { t: { One: a, Two: a } }
`,
    'mappings/b.yaml': `attributes: { title: from b, displayName: from b, name: { familyName: from b } }
tables: { t: { one: b } }
`,
  };
  const text = main(
    'include: [a.yaml, b.yaml]',
    'attributes:',
    "  userName: '= id'",
    '  active: true',
    '  displayName: own',
    '  name: { middleName: own }',
    '  emails: [{ value: own@example.test }]',
    `  userType: '= lookup("t", "ONE") + lookup("t", "two")'`,
  );
  expect(account(text, folder)).toEqual({
    userName: 'hr-17',
    active: true,
    title: 'from b',
    nickName: 'from a',
    displayName: 'own',
    name: { givenName: 'from a', familyName: 'from b', middleName: 'own' },
    emails: [{ value: 'own@example.test' }],
    userType: 'ba',
  });
});

test('another way to a value takes the place of the one below', () => {
  const folder = {
    'mappings/a.yaml': "attributes: { title: { value: '= e.title', default: none } }\n",
  };
  const text = main(
    'include: [a.yaml]',
    "attributes: { userName: '= id', active: true, title: { from: job } }",
  );
  expect(account(text, folder, { title: 'x' })).toMatchObject({ title: 'none' });
  expect(account(text, folder, { job: 'y' })).toMatchObject({ title: 'y' });
});

test('a fragment may include others, seen from its own folder', () => {
  const folder = {
    'mappings/shared/all.yaml': 'include: [../deep/base.yaml]\nattributes: { title: Engineer }\n',
    'mappings/deep/base.yaml': 'attributes: { title: Nobody, nickName: Base }\n',
  };
  const text = main('include: [shared/all.yaml]', "attributes: { userName: '= id', active: true }");
  expect(account(text, folder)).toMatchObject({ title: 'Engineer', nickName: 'Base' });
});

test('mistakes are told where they stand, the mapping itself first, and each once', () => {
  const folder = {
    'mappings/a.yaml': `include: [common.yaml]
attributes:
  title: '= e.titel +'
  nickNam: x
scope: 'x'
`,
    'mappings/b.yaml': 'include: [common.yaml]\nvars: { a: no }\ntables: { t: { a: 1 } }\n',
    'mappings/common.yaml': "attributes:\n  displayName: '= e.__proto__'\n",
  };
  const text = main('include: [b.yaml, a.yaml]', "attributes: { userName: '= id', activ: true }");
  expect(told(text, folder)).toEqual([
    `${MAIN}:7:1 attributes: active is not mapped, so no account could be made. Map it; write active: true where being in scope is enough.`,
    `${MAIN}:7:33 attributes.activ: SCIM 1.1 has no such attribute. Did you mean "active"?`,
    'mappings/a.yaml:3:22 attributes.title: the expression ends too early. Complete it.   in: e.titel +',
    'mappings/a.yaml:4:3 attributes.nickNam: SCIM 1.1 has no such attribute. Did you mean "nickName"?',
    'mappings/a.yaml:5:1 scope: unknown key. Known are include, tables, vars, lifecycle, attributes.',
    'mappings/b.yaml:2:12 vars.a: must be an expression. Begin it with "= ".',
    'mappings/b.yaml:3:16 tables.t.a: must be text, not a number. Put it in quotes.',
    'mappings/common.yaml:2:19 attributes.displayName: "__proto__" cannot be read. Remove it.   in: e.__proto__',
  ]);
});

test('what is told of a person names the fragment that it stands in', () => {
  const folder = { 'mappings/a.yaml': "attributes:\n  title: { value: '= e.title', required: true }\n" };
  const text = main('include: [a.yaml]', "attributes: { userName: '= id', active: true }");
  expect(loaded(text, folder).map(person({}), NOW)).toMatchObject({
    problems: [{ where: 'mappings/a.yaml:2:19', attribute: 'title' }],
  });
});

describe('a path is refused, with the reason, where it', () => {
  const attributes = "attributes: { userName: '= id', active: true }";
  test.each([
    [
      'names nothing',
      'nams.yaml',
      'names a file that does not exist. Correct the path; it starts at the folder of this file.',
    ],
    ['is absolute', '/etc/passwd', 'is an absolute path. Write it as seen from the folder of this file.'],
    [
      'leads out of the folder',
      '../../other/x.yaml',
      'leads out of the folder of landbridge.yaml. Put the file into that folder.',
    ],
    ['is written as Windows does', "'shared\\names.yaml'", 'has a backslash. Write / between folders.'],
    ['is empty', "''", 'is empty. Write the path of a file.'],
  ])('%s', (_what, path, message) => {
    expect(told(main(`include: [${path}]`, attributes))).toEqual([`${MAIN}:6:11 include: ${message}`]);
  });

  test('is not text, or not in a list', () => {
    expect(told(main('include: [1]', attributes))).toEqual([
      `${MAIN}:6:11 include.0: must be text, not a number. Put it in quotes.`,
    ]);
    expect(told(main('include: names.yaml', attributes))).toEqual([
      `${MAIN}:6:10 include: must be a list, not text.`,
    ]);
  });

  test('leads in a circle', () => {
    const folder = { 'mappings/a.yaml': 'include: [b.yaml]\n', 'mappings/b.yaml': 'include: [a.yaml]\n' };
    expect(told(main('include: [a.yaml]', attributes), folder)).toEqual([
      'mappings/b.yaml:1:11 include: goes round in a circle: mappings/a.yaml → mappings/b.yaml → mappings/a.yaml. Take one of them out.',
    ]);
    const own = { 'mappings/a.yaml': 'include: [main.yaml]\n' };
    expect(told(main('include: [a.yaml]', attributes), own)).toEqual([
      `mappings/a.yaml:1:11 include: goes round in a circle: ${MAIN} → mappings/a.yaml → ${MAIN}. Take one of them out.`,
    ]);
  });

  test('leads too deep', () => {
    const folder = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`mappings/${index}.yaml`, `include: [${index + 1}.yaml]\n`]),
    );
    expect(told(main('include: [0.yaml]', attributes), folder)).toEqual([
      'mappings/9.yaml:1:11 include: includes lead more than 10 files deep. Include this one further up.',
    ]);
  });

  test('is one too many', () => {
    const names = Array.from({ length: 51 }, (_, index) => `${index}.yaml`);
    const folder = Object.fromEntries(names.map((name) => [`mappings/${name}`, 'attributes: {}\n']));
    const [problem] = told(main('include:', ...names.map((name) => `  - ${name}`), attributes), folder);
    expect(problem).toBe(`${MAIN}:57:5 include: more than 50 files are included. Join some of them.`);
  });
});

test('files that include each other by many ways are read once each', () => {
  const folder = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => {
      const next = `${index + 1}.yaml`;
      return [`mappings/${index}.yaml`, `include: [${Array(8).fill(next).join(', ')}]\n`];
    }),
  );
  const text = main('include: [0.yaml]', "attributes: { userName: '= id', active: true }");
  const whole = { ...folder, 'mappings/9.yaml': 'attributes: { title: Deep }\n' };
  expect(account(text, whole)).toMatchObject({ title: 'Deep' });
});

test('a file of more than 1 MiB is refused', () => {
  const attributes = "attributes: { userName: '= id', active: true }";
  const text = main(attributes, `# ${'x'.repeat(1024 * 1024)}`);
  expect(told(text)).toEqual([`${MAIN}:1:1 is larger than 1 MiB. Move its tables into CSV files.`]);
});

test('what a fragment declares is there for other mappings, too, and may go unused here', () => {
  const folder = { 'mappings/a.yaml': "vars: { unused: '= id' }\n" };
  const text = main(
    'include: [a.yaml]',
    "vars: { own: '= id' }",
    "attributes: { userName: '= id', active: true }",
  );
  expect(warned(text, folder)).toEqual([
    `${MAIN}:7:9 vars.own: is declared and never used. Remove it, or use it.`,
  ]);
});

test('a key of a table that stands twice in one file is told, also where a fragment has it', () => {
  const folder = { 'mappings/a.yaml': 'tables: { t: { Ams: a } }\n' };
  const text = main(
    'include: [a.yaml]',
    'tables: { t: { ams: b, AMS: c } }',
    `attributes: { userName: '= lookup("t", id)', active: true }`,
  );
  expect(told(text, folder)).toEqual([
    `${MAIN}:7:16 tables.t.ams: is there already: case makes no difference. Keep one.`,
  ]);
});

test('a mapping that is named by a longer path includes itself no less', () => {
  const text = main('include: [main.yaml]', "attributes: { userName: '= id', active: true }");
  const loaded = loadMapping(`./${MAIN}`, text, around({ [MAIN]: text }));
  expect(loaded.ok ? [] : loaded.problems.map(({ message }) => message)).toEqual([
    `goes round in a circle: ${MAIN} → ${MAIN}. Take one of them out.`,
  ]);
});
