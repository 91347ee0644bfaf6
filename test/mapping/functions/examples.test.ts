/** Every example of the function library gives what docs/mappings.md says, through a real mapping. */
import { describe, expect, test } from 'vitest';
import { FUNCTION_USAGE, LIBRARY } from '../../../app/mapping/functions/index.ts';
import type { Example } from '../../../app/mapping/functions/library.ts';
import { given, mapped } from './library-person.ts';

const JOIN = 'join: { hr: { on: uid, to: id } }';
const BEFORE = [
  ['lookup(', 'tables: { zoneOf: { Zürich: Europe/Zurich } }'],
  ['from(', JOIN],
  ['isIn(', JOIN],
] as const;

describe.each(Object.entries(LIBRARY))('%s', (_, functions) => {
  const examples = functions.flatMap((each) => each.examples.map((example) => [each.name, example] as const));

  test.each(examples)('$1.expression', (_name, example: Example) => {
    const { entry = {}, groups = [], joined, isUserName, at, gives, warns, fails } = example;
    if (isUserName === true) {
      const attributes = `  userName: ${JSON.stringify(`= ${example.expression}`)}\n  externalId: '= id'`;
      expect(mapped(attributes, { entry })).toMatchObject({ user: { userName: gives } });
      return;
    }
    const before = BEFORE.find(([called]) => example.expression.includes(called))?.[1] ?? '';
    const outcome = given(example.expression, {
      entry,
      groups,
      before,
      ...(joined ?? {}),
      ...(at === undefined ? {} : { at }),
    });
    if (fails !== undefined) {
      expect(outcome.fails).toBe(fails);
      return;
    }
    expect(outcome.fails).toBeUndefined();
    expect(outcome.value).toEqual(gives);
    expect(outcome.warnings.map((words) => words.split(':')[0])).toEqual(warns === undefined ? [] : [warns]);
  });
});

test('each function has an example, and each name stands once', () => {
  const functions = Object.values(LIBRARY).flat();
  expect(functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  expect(FUNCTION_USAGE.size).toBe(functions.length);
});
