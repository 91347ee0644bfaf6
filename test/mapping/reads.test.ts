/** What a mapping reads: taken off its expressions, with and without a closed list under `reads`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load, map, mapping, NOW, payload, person, problemsOf, type Values } from './people.ts';

const ada: Values = { sn: [' ', 'Byron', 'Lovelace'], mail: ['ada@example.test', 'al@example.test'] };

describe('without reads, expressions read any attribute', () => {
  const reads = null;

  test.each([
    ['e.sn', 'Byron'],
    ['e.SN', 'Byron'],
    ['e["sn"] + "!"', 'Byron!'],
    ['e["odd-name;x-1"]', undefined],
    ['e.nobodyHasThis + "x"', 'x'],
    ['all("mail").join("+")', 'ada@example.test+al@example.test'],
    ['all("sn").join("+")', 'Byron+Lovelace'],
    ['string(all("none").size())', '0'],
  ])('%s gives %j', (expression, value) => {
    const sent = payload({ reads, attributes: `  title: ${JSON.stringify(`= ${expression}`)}` }, ada);
    expect(sent).toEqual(value === undefined ? {} : { title: value });
  });

  test('the source is asked for what is read: by expressions, functions, copies, references and defaults', () => {
    const file = {
      reads,
      before: "vars: { a: '= e.Surname', unused: '= e.spare' }\nscope: '= e.l != \"x\"'",
      attributes: `
  nickName: { from: displayName }
  title: { value: '= v.a', default: '= e.title' }
  emails: [{ each: '= all("otherMail")', as: m, item: { value: '= m + e.MAIL + e.mail' } }]
  profileUrl: '= primaryMail()'
  urn:scim:schemas:extension:enterprise:1.0: { manager: { managerId: { accountOf: manager } } }`,
    };
    expect(mapping(file).reads).toEqual([
      'l',
      'displayname',
      'surname',
      'title',
      'othermail',
      'mail',
      'proxyaddresses',
      'manager',
    ]);
  });

  test('a bare name is refused, with what was meant', () => {
    expect(problemsOf(load({ reads, attributes: "  title: '= sn + dn'" }))).toEqual([
      '8:13 attributes.title: "sn" is not known. Did you mean "e.sn"?',
    ]);
  });

  test.each(['e.mail[0]', 'e.mail.filter(m, m != "")', '("x" in e["mail"] ? "a" : "b")', 'e.mail.join("+")'])(
    '%s takes the first value for a list, and is told how every value is written',
    (expression) => {
      const problems = problemsOf(
        load({ reads, attributes: `  title: ${JSON.stringify(`= ${expression}`)}` }),
      );
      expect(problems.map((problem) => problem.replace(/^8:\d+ attributes\.title: /, ''))).toEqual([
        'e.mail is one text, the first value. Every value is all("mail").',
      ]);
    },
  );

  test.each([
    ['e.userPassword', '"userPassword" is a credential, and credentials are never read. Take it out.'],
    ['all("unicodePwd")[0]', '"unicodePwd" is a credential, and credentials are never read. Take it out.'],
    ['e.constructor', '"constructor" cannot be read. Remove it.'],
    ['e["__proto__"]', '"__proto__" cannot be read. Remove it.'],
    ['all("prototype")[0]', '"prototype" cannot be read. Remove it.'],
    [
      'e["odd name"]',
      '"odd name" cannot be the name of an attribute: it begins with a letter and has letters, digits, "-", "_", "." and ";" only.',
    ],
    ['e[e.sn]', 'e[…] takes a constant name in double quotes, so that we know what is read.'],
    ['all(e.sn)[0]', 'all() takes one constant name of an attribute in double quotes, as in all("mail").'],
  ])('%s is refused (O-26 c, O-27)', (expression, message) => {
    const problems = problemsOf(load({ reads, attributes: `  title: ${JSON.stringify(`= ${expression}`)}` }));
    expect(problems.map((problem) => problem.replace(/^8:\d+ attributes\.title: /, ''))).toEqual([message]);
  });

  test.each(['from', 'accountOf'])('%s reads no credential either', (key) => {
    expect(problemsOf(load({ reads, attributes: `  title: { ${key}: userPassword }` }))).toEqual([
      `8:${14 + key.length} attributes.title.${key}: "userPassword" is a credential, and credentials are never read. Take it out.`,
    ]);
  });

  test('a person with a value that is too large fails, at the place where it is first read', () => {
    const file = { reads, attributes: "  title: '= e.title'\n  nickName: '= e.title'" };
    expect(map(file, { title: 'x'.repeat(65_537) })).toEqual({
      kind: 'failed',
      problems: [
        {
          where: 'm.yaml:8:10',
          attribute: 'e.title',
          message: 'the source attribute has more than 1000 values, or one longer than 65536 characters',
        },
      ],
    });
  });

  test('active rests on what it names, by all() as well (O-07 n)', () => {
    const file = { reads, attributes: `  active: '= e.type != "former" && !("x" in all("flags"))'` };
    expect(map(file, {})).toMatchObject({
      user: { userName: 'hr-17' },
      warnings: [
        {
          message: 'cannot be told, since the person has no type and no flags; the account keeps what it has',
        },
      ],
    });
    expect(map(file, { type: 'staff', flags: 'y' })).toMatchObject({ user: { active: true }, warnings: [] });
  });

  test('what may be absent is named under optional in any case', () => {
    const active = `  active: { value: '= e.Lock != "true" && e.lock != "yes"', optional: [LOCK] }`;
    expect(payload({ reads, attributes: active }, {})).toEqual({ active: true });
  });
});

describe('with reads, the list is closed', () => {
  test('every value is there by all(), whatever the declared type', () => {
    const file = { reads: 'mail: string', attributes: `  title: '= all("mail").join("+")'` };
    expect(payload(file, ada)).toEqual({ title: 'ada@example.test+al@example.test' });
  });

  test('a slip shows, wherever a name is read', () => {
    const attributes = `
  title: '= all("mial")[0]'
  nickName: { from: mial }`;
    expect(problemsOf(load({ attributes }))).toEqual([
      '9:17 attributes.title: attribute "mial" is not declared under reads. Did you mean "mail"?',
      '10:21 attributes.nickName.from: attribute "mial" is not declared under reads. Did you mean "mail"?',
    ]);
  });

  test('what a function reads by itself need not be declared', () => {
    const file = { reads: 'sn: string', attributes: "  title: '= e.sn + primaryMail()'" };
    expect(mapping(file).reads).toEqual(['sn', 'proxyaddresses', 'mail']);
    expect(payload(file, ada)).toEqual({ title: 'Byronada@example.test' });
  });

  test('a copy of a list is its first value', () => {
    const file = { reads: 'mail: "string[]"', attributes: '  title: { from: mail }' };
    expect(payload(file, ada)).toEqual({ title: 'ada@example.test' });
  });
});

test('a list of what is read changes nothing about what comes of it', () => {
  const attributes = `
  title: '= e.sn + all("mail").join(e.l)'
  nickName: { from: sn, default: '= e.l.upper()' }
  active: '= e.sn != e.l'
  emails: [{ each: '= all("mail")', as: m, item: { value: '= m', type: { from: l } } }]`;
  const open = mapping({ reads: null, attributes });
  const closed = mapping({ reads: 'mail: string, sn: string, l: string', attributes });
  const values = fc.array(fc.oneof(fc.constantFrom('', ' ', 'A', '\u00a0x', 'e\u0301'), fc.string()), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.record({ mail: values, sn: values, l: values }, { requiredKeys: [] }), (entry) => {
      const both = [open, closed].map((each) => {
        const mapped = each.map(person(entry), NOW);
        if (mapped.kind !== 'in-scope') throw new Error(mapped.kind);
        return [mapped.user, mapped.warnings.map(({ message }) => message)];
      });
      expect(both[0]).toEqual(both[1]);
    }),
  );
});
