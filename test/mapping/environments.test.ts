/** What differs between the environments of a mapping, and that the mistakes of all of them show in each. */
import { expect, test } from 'vitest';
import { loaded, MAIN, main, told, warned } from './folder.ts';
import { NOW, person } from './people.ts';

const TEXT = main(
  "attributes: { userName: '= id', active: true, title: Everywhere }",
  'environments:',
  '  test:',
  `    scope: '= inGroup("Testers")'`,
  '    attributes: { title: Test }',
  '  production: {}',
);

function title(environment: string | null): unknown {
  const mapped = loaded(TEXT, {}, { environment }).map(person({}, [{ dn: 'cn=t', name: 'Testers' }]), NOW);
  return mapped.kind === 'in-scope' ? mapped.user['title'] : mapped.kind;
}

test('the chosen environment is laid over the mapping', () => {
  expect([title('test'), title('production'), title(null)]).toEqual(['Test', 'Everywhere', 'Everywhere']);
  expect(loaded(TEXT, {}, { environment: 'test' }).map(person({}), NOW).kind).toBe('out-of-scope');
  expect(loaded(TEXT, {}, { environment: 'production' }).map(person({}), NOW).kind).toBe('in-scope');
});

test('an environment that the mapping lacks is told, with what was meant', () => {
  const message = 'has no "prodution", which landbridge.yaml or LANDBRIDGE_ENVIRONMENT chooses.';
  expect(told(TEXT, {}, { environment: 'prodution' })).toEqual([
    `${MAIN}:7:1 environments: ${message} Did you mean "production"?`,
  ]);
  expect(told(TEXT, {}, { environment: 'acceptance' })).toEqual([
    `${MAIN}:7:1 environments: has no "acceptance", which landbridge.yaml or LANDBRIDGE_ENVIRONMENT chooses. Add it: acceptance: {}.`,
  ]);
});

test('a mapping without environments is the same in each', () => {
  const text = main("attributes: { userName: '= id', active: true }");
  expect(loaded(text, {}, { environment: 'test' }).map(person({}), NOW).kind).toBe('in-scope');
});

test.each([null, 'test', 'production'])(
  'with %s chosen, the mistakes of every environment are told',
  (environment) => {
    const text = main(
      "attributes: { userName: '= id', active: true, title: '= v.nope' }",
      'environments:',
      '  test:',
      "    attributes: { title: '= v.nopp' }",
      '  production:',
      '    atributes: {}',
      '    source: other',
      "    scope: '= e.a'",
    );
    expect(told(text, {}, { environment })).toEqual([
      `${MAIN}:6:57 attributes.title: no var "nope" is known here. Declare it under vars, above where it is used.   in: v.nope`,
      `${MAIN}:9:29 attributes.title: no var "nopp" is known here. Declare it under vars, above where it is used.   in: v.nopp`,
      `${MAIN}:11:5 environments.production.atributes: cannot differ between environments. Did you mean "attributes"?`,
      `${MAIN}:12:5 environments.production.source: cannot differ between environments. Known here are match, reads, scope, tables, vars, lifecycle, attributes.`,
      `${MAIN}:13:12 scope: must give true or false. Compare with something, as in e.mail != "".`,
    ]);
  },
);

test('what each environment must say for itself may be missing from the file, once one is chosen', () => {
  const text = main(
    'attributes: { active: true }',
    'environments:',
    '  test: { attributes: { userName: \'= id + "-test"\' } }',
    "  production: { attributes: { userName: '= id' } }",
  );
  expect(loaded(text, {}, { environment: 'test' }).map(person({}), NOW)).toMatchObject({
    user: { userName: 'hr-17-test' },
  });
  expect(told(text)).toEqual([
    `${MAIN}:6:1 attributes: userName is not mapped, and SCIM requires it. Map it.`,
  ]);
});

test('what only another environment uses is not called unused', () => {
  const text = main(
    "tables: { t: { a: b } }\nvars: { never: '= id' }",
    "attributes: { userName: '= id', active: true }",
    'environments:',
    `  test: { attributes: { title: '= lookup("t", id)' } }`,
  );
  expect(warned(text)).toEqual([`${MAIN}:7:9 vars.never: is declared and never used. Remove it, or use it.`]);
});

test.each([
  ['environments: [test]', '6:15 environments: must be a map of environments, each with what differs there.'],
  [
    'environments: { test: }',
    '6:23 environments.test: must be a map of what differs there. Write {} where nothing does.',
  ],
  [
    'environments: { 1st: {} }',
    '6:17 environments.1st: cannot be used: a name begins with a letter and has at most 64 letters, digits, "-" and "_". Rename it.',
  ],
])('%s is refused', (line, problem) => {
  expect(told(main(line, "attributes: { userName: '= id', active: true }"))).toEqual([`${MAIN}:${problem}`]);
});
