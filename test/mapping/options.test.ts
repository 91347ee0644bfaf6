/** The options of an attribute: what they do to a value, what they say of how it is kept, and which go together. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttributePolicy, SOURCE_OWNED } from '../../app/mapping/policy.ts';
import { load, map, mapping, payload, problemsOf } from './people.ts';

const reads = null;
const at = (attributes: string) => ({ reads, attributes });

function policies(attributes: string): readonly AttributePolicy[] {
  return mapping(at(attributes)).policy.attributes;
}

/** Without what every file of these tests has in common: the attribute stands alone on line 8. */
function refusals(attributes: string): readonly string[] {
  return problemsOf(load(at(attributes)));
}

describe('where a value comes from', () => {
  test('from copies the first value that is not blank', () => {
    expect(payload(at('  title: { from: Title }'), { title: [' ', ' Analyst ', 'x'] })).toEqual({
      title: 'Analyst',
    });
    expect(payload(at('  title: { from: title }'), {})).toEqual({});
  });

  test('from works for the parts of items, and in an extension that is not known', () => {
    const attributes = `
  emails: [{ value: { from: mail }, type: work }]
  urn:example:x: { costCentre: { from: departmentNumber } }`;
    expect(payload(at(attributes), { mail: 'a@example.test', departmentNumber: '12' })).toEqual({
      emails: [{ value: 'a@example.test', type: 'work' }],
      'urn:example:x': { costCentre: '12' },
    });
  });

  test.each([
    ["{ value: '= e.d', default: Unassigned }", {}, 'Unassigned'],
    ["{ value: '= e.d', default: Unassigned }", { d: ' ' }, 'Unassigned'],
    ["{ value: '= e.d', default: Unassigned }", { d: 'Engines' }, 'Engines'],
    ["{ from: d, default: '= e.o' }", { o: 'Works' }, 'Works'],
    ["{ from: d, default: '= e.o', required: true }", { o: 'Works' }, 'Works'],
    ["{ from: d, default: '= e.o' }", {}, undefined],
  ])('%s of %j is %j', (department, values, expected) => {
    const extension = 'urn:scim:schemas:extension:enterprise:1.0';
    const sent = payload(at(`  ${extension}: { department: ${department} }`), values);
    expect(sent).toEqual(expected === undefined ? {} : { [extension]: { department: expected } });
  });

  test('a default that is a list stands in for a list', () => {
    const attributes = `  urn:example:x: { tags: { value: '= all("t")', default: '= ["none"]' } }`;
    expect(payload(at(attributes), {})).toEqual({ 'urn:example:x': { tags: ['none'] } });
    expect(payload(at(attributes), { t: ['a', 'b'] })).toEqual({ 'urn:example:x': { tags: ['a', 'b'] } });
  });

  test('what is required and lacks its default as well fails the person, as does a default that cannot be computed', () => {
    const required = at("  title: { from: t, default: '= e.u', required: true }");
    expect(map(required, {})).toEqual({
      kind: 'failed',
      problems: [
        { where: 'm.yaml:8:18', attribute: 'title', message: 'is required, and this person has none' },
      ],
    });
    const failing = at(`  title: { from: t, default: '= e.u.split("@")[1]', required: true }`);
    const message = 'a list has fewer values than the expression asks for';
    expect(map(failing, { u: 'x' })).toEqual({
      kind: 'failed',
      problems: [{ where: 'm.yaml:8:30', attribute: 'title', message }],
    });
    expect(map(failing, { t: 'y', u: 'x' })).toMatchObject({ user: { title: 'y' } });
  });
});

describe('how an attribute is kept', () => {
  const kept = (path: AttributePolicy['path'], said: Partial<AttributePolicy>) => ({
    ...SOURCE_OWNED,
    path,
    ...said,
  });

  test('attributes that say nothing, or what holds anyway, have no policy of their own', () => {
    const attributes = `
  title: Engineer
  nickName: { from: n, when: always, owner: source, drift: force, onEmpty: clear, sensitive: false }
  emails: { items: [{ value: '= e.mail' }] }`;
    expect(policies(attributes)).toEqual([]);
  });

  test('simple attributes, parts, extensions and whole lists have theirs', () => {
    const attributes = `
  title: { value: Engineer, when: create-only }
  name: { givenName: { from: givenName, owner: first-writer, drift: report }, familyName: '= e.sn' }
  emails: { items: [{ value: '= e.mail', type: work }], when: if-empty, sensitive: true }
  urn:example:x:
    cost: { from: c, onEmpty: leave }
    tags: { items: ['= e.t'], owner: target }
    deep: { deeper: { value: '= e.d', drift: keep } }`;
    expect(policies(attributes)).toEqual([
      kept(['title'], { when: 'create-only' }),
      kept(['name', 'givenName'], { owner: 'first-writer', drift: 'report' }),
      kept(['emails'], { when: 'if-empty', sensitive: true }),
      kept(['urn:example:x', 'cost'], { onEmpty: 'leave' }),
      kept(['urn:example:x', 'tags'], { owner: 'target' }),
      kept(['urn:example:x', 'deep', 'deeper'], { drift: 'keep' }),
    ]);
  });

  test('what only repeats what follows anyway is taken', () => {
    expect(
      policies('  title: { from: t, when: create-only, drift: keep, onEmpty: leave, owner: source }'),
    ).toEqual([kept(['title'], { when: 'create-only', drift: 'keep', onEmpty: 'leave' })]);
  });

  test('a list with options gives the same values as one without', () => {
    const item = "{ value: '= e.mail', type: work }";
    const values = { mail: 'a@example.test' };
    const plain = payload(at(`  emails: [${item}]`), values);
    expect(payload(at(`  emails: { items: [${item}], owner: target }`), values)).toEqual(plain);
  });
});

describe('in an extension that is not known, a map holds options where it holds nothing else', () => {
  test.each([
    ["{ value: '= e.a', required: true }", 'A'],
    ["{ value: '= e.a', default: b }", 'A'],
    ['{ from: a }', 'A'],
    ["{ value: '= e.a' }", { value: 'A' }],
    ["{ from: '= e.a', to: '= e.a' }", { from: 'A', to: 'A' }],
    ["{ from: '= e.a' }", { from: 'A' }],
    ["{ value: '= e.a', type: work }", { value: 'A', type: 'work' }],
    ["{ items: ['= e.a'], sensitive: true }", ['A']],
    ["{ items: ['= e.a'] }", { items: ['A'] }],
    ["[{ value: '= e.a', owner: x }]", [{ value: 'A', owner: 'x' }]],
  ])('%s', (written, expected) => {
    expect(payload(at(`  urn:example:x: { y: ${written} }`), { a: 'A' })).toEqual({
      'urn:example:x': { y: expected },
    });
  });

  test('an option that would be taken as a part is warned of', () => {
    const loaded = load(at("  urn:example:x: { y: '= e.a', sensitive: true, when: noon }"));
    expect(loaded.ok && loaded.warnings.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'attributes.urn:example:x:sensitive: is taken as a part of this name. Options stand at the parts, as in part: { value: …, sensitive: true }.'.replace(
        'true }',
        '… }',
      ),
    ]);
  });
});

describe('what makes no sense is refused, with place and mend', () => {
  const ACCESS =
    "does not go with active: whether somebody has access is always the source's to say. Remove it.";
  const THEIRS =
    'contradicts owner: target, which leaves the value to the target once it has one. Remove one of the two.';
  const ONCE = 'contradicts when, which leaves a value that is there alone. Remove one of the two.';
  const NAMES = 'does not go with an attribute that names the account. Remove it.';
  test.each([
    ['title: { from: t, value: x }', '8:12 title.from: does not go with value. Keep one of the two.'],
    [
      'title: { default: x }',
      '8:10 title: takes one value. Write an expression, or { value: …, required: true }.',
    ],
    [
      "title: { from: '= e.t' }",
      '8:18 title.from: takes the name of an attribute alone, as in from: title. An expression stands under value.',
    ],
    [
      'title: { from: e.t }',
      '8:18 title.from: takes the name of an attribute alone, as in from: title. An expression stands under value.',
    ],
    [
      'verified: { from: t }',
      "8:21 verified.from: copies text, and true or false is wanted. Write value: '= …' instead.",
    ],
    [
      'title: { value: x, default: y }',
      '8:22 title.default: is never used, since the value is never blank. Remove it.',
    ],
    [
      'verified: { value: \'= e.a == ""\', default: true }',
      '8:37 verified.default: is never used, since the value is never blank. Remove it.',
    ],
    ['title: { from: t, default: 5 }', '8:30 title.default: must be text. Put it in quotes.'],
    [
      "title: { from: t, default: '= 5' }",
      '8:30 title.default: gives a number; text is wanted. Write string(…).',
    ],
    [
      'title: { from: t, default: [x] }',
      '8:30 title.default: takes one value. Write a constant or an expression.',
    ],
    [
      'urn:example:x: { y: { from: t, default: true } }',
      '8:43 urn:example:x:y.default: must be text, as the value is.',
    ],
    [
      'urn:example:x: { y: { value: \'= all("t")\', default: x } }',
      '8:55 urn:example:x:y.default: must be a list, as the value is. Write an expression, as in \'= ["a"]\'.',
    ],
    [
      "userName: { value: '= id', default: x }",
      '7:39 userName.default: would be the same for everybody. Begin an expression with "= ".',
    ],
    ["userName: { value: '= id', owner: target }", `7:30 userName.owner: ${NAMES}`],
    [
      "userName: { value: '= id', when: if-empty }",
      '7:30 userName.when: never comes to pass: no account is without userName. Remove it.',
    ],
    ["externalId: { value: '= id', onEmpty: leave }", `8:32 externalId.onEmpty: ${NAMES}`],
    ["externalId: { value: '= id', sensitive: true }", `8:32 externalId.sensitive: ${NAMES}`],
    ['active: { value: \'= e.a == ""\', when: always }', `8:35 active.when: ${ACCESS}`],
    ['active: { value: \'= e.a == ""\', sensitive: true }', `8:35 active.sensitive: ${ACCESS}`],
    [
      'active: { value: \'= e.a == ""\', default: true }',
      '8:35 active.default: does not go with active: an absent value must read neither as enabled nor as disabled. Name what may be absent: "optional: [name]".',
    ],
    [
      'active: { value: true, optional: [t] }',
      '8:26 active.optional: is never used, since active rests on nothing. Remove it.',
    ],
    [
      'title: { from: t, optional: [t] }',
      '8:21 title.optional: unknown option. Known are value, from, precedence, default, required, when, owner, drift, onEmpty, sensitive.',
    ],
    ['title: { value: x, accountof: t }', '8:22 title.accountof: unknown option. Did you mean "accountOf"?'],
    ['title: { from: t, onempty: leave }', '8:21 title.onempty: unknown option. Did you mean "onEmpty"?'],
    ['title: { from: t, when: create }', '8:27 title.when: must be always, create-only or if-empty.'],
    [
      'title: { from: t, owner: sauce }',
      '8:28 title.owner: must be source, target or first-writer. Did you mean "source"?',
    ],
    ["title: { from: t, sensitive: 'true' }", '8:32 title.sensitive: must be true or false, without quotes.'],
    ['title: { from: t, drift: [keep] }', '8:28 title.drift: must be force, keep or report.'],
    ['title: { from: t, required: 1 }', '8:31 title.required: must be true or false.'],
    ['title: { from: t, owner: target, when: if-empty }', `8:36 title.when: ${THEIRS}`],
    ['title: { from: t, owner: target, drift: report }', `8:36 title.drift: ${THEIRS}`],
    ['title: { from: t, onEmpty: clear, owner: target }', `8:21 title.onEmpty: ${THEIRS}`],
    ['title: { from: t, when: create-only, drift: force }', `8:40 title.drift: ${ONCE}`],
    ['title: { from: t, when: if-empty, onEmpty: clear }', `8:37 title.onEmpty: ${ONCE}`],
    [
      "name: { givenName: '= e.g', sensitive: true }",
      '8:31 name.sensitive: is no part. Options stand at the parts, as in part: { value: …, sensitive: … }.',
    ],
    [
      'emails: { items: [{ value: { from: m, sensitive: true } }] }',
      '8:41 emails.value.sensitive: belongs to the whole list. Write { items: [ … ], sensitive: … } there.',
    ],
    [
      "emails: { items: [{ value: '= e.m' }], required: true }",
      '8:42 emails.required: does not go with a list. Write it at a part of its items.',
    ],
    [
      "emails: { items: [{ value: '= e.m' }], wen: always }",
      '8:42 emails.wen: unknown option. Did you mean "when"?',
    ],
    [
      'emails: { items: x }',
      "8:20 emails: has several values. Write a list: - { value: '= …', type: work }.",
    ],
  ])('%s', (line, problem) => {
    expect(refusals(`  ${line}`)).toEqual([problem.replace(' ', ' attributes.')]);
  });

  test('an option that active does not have is told of once, whatever it says', () => {
    expect(refusals(`  active: { value: '= e.a == ""', when: never }`)).toEqual([
      `8:35 attributes.active.when: ${ACCESS}`,
    ]);
  });

  test('all of it at once', () => {
    expect(refusals('  title: { from: t, when: never, owner: nobody, sensitive: perhaps }')).toHaveLength(3);
  });
});

test('any combination of options loads, or is refused with its place; what loads means what it says', () => {
  const choice = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const options = fc.record({
    value: choice(["'= e.t'", 'x', '\'= e.t == ""\'', 'true', '\'= all("t")\'']),
    from: choice(['t', "'= e.t'", 'userPassword']),
    default: choice(['y', "'= e.u'", 'false', '7']),
    required: choice(['true', 'false', 'maybe']),
    optional: choice(['[t]', 't']),
    when: choice(['always', 'create-only', 'if-empty', 'never']),
    owner: choice(['source', 'target', 'first-writer', 'true']),
    drift: choice(['force', 'keep', 'report']),
    onEmpty: choice(['clear', 'leave', '[]']),
    sensitive: choice(['true', 'false', '0']),
  });
  const places = [
    'title',
    'active',
    'userName',
    'externalId',
    'verified',
    'urn:example:x: { y',
    'name: { givenName',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), options, (place, said) => {
      const pairs = Object.entries(said).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}: ${value}`],
      );
      const loaded = load(at(`  ${place}: { ${pairs.join(', ')} }${place.includes('{') ? ' }' : ''}`));
      if (!loaded.ok) {
        expect(loaded.problems.length).toBeGreaterThan(0);
        for (const { line, column, message } of loaded.problems) {
          expect([line, message.endsWith('.') || message.endsWith('?')]).toEqual([
            place === 'userName' ? 7 : 8,
            true,
          ]);
          expect(column).toBeGreaterThan(2);
        }
        return;
      }
      for (const policy of loaded.mapping.policy.attributes) {
        for (const option of ['when', 'owner', 'drift', 'onEmpty', 'sensitive'] as const) {
          expect(String(policy[option])).toBe(said[option] ?? String(SOURCE_OWNED[option]));
        }
      }
    }),
    { numRuns: 300 },
  );
});
