/**
 * Runs one test of a mapping file: maps its sample, and holds what comes out against what the test says. Which faults
 * there are is decided here; what they mean for a start is not.
 */

import { readMention } from '../../person/mention.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject, withValue } from '../../scim/resource.ts';
import type { Position } from '../file-problem.ts';
import type { Mapped, Mapping, MappingProblem } from '../mapping.ts';
import { type Differing, differing, pathInWords, type Step } from './differing.ts';
import { identityOf, mentionNamed } from './sample-person.ts';
import type { PersonTest, SamplePerson } from './sample-schema.ts';
import type { SampleFault } from './sample-test.ts';

/** Where parts of a test stand. */
export type Places = {
  readonly test: Position;
  /** @returns where the outermost part stands that is there */
  of(path: readonly Step[]): Position;
};

const MASK = '[redacted]';

export function personFaults(
  test: PersonTest,
  mapping: Mapping,
  places: Places,
  otherwise: Date,
): readonly SampleFault[] {
  const now = test.at === undefined ? otherwise : new Date(test.at);
  const mapped = mapping.map(identityOf(mapping.source, test.person, now), now);
  const tell = teller(test.name, places);
  const found = [...outcomeFaults(test, mapped, mapping, tell), ...warningFaults(test, mapped, tell)];
  if (found.length > 0 || test.at !== undefined || mapped.changesAt === undefined) return found;
  const when = mapped.changesAt.toISOString();
  return [
    tell([], `depends on the time, and comes out otherwise from ${when} on. Add at: with the time it is.`),
  ];
}

/** What comes of a sample, as a test would say it. */
export type SampleOutcome =
  | { readonly kind: 'account'; readonly account: JsonObject }
  | { readonly kind: 'out-of-scope' }
  | { readonly kind: 'failed'; readonly words: string };

export function sampleOutcome(mapping: Mapping, person: SamplePerson, now: Date): SampleOutcome {
  const mapped = mapping.map(identityOf(mapping.source, person, now), now);
  switch (mapped.kind) {
    case 'in-scope':
      return { kind: 'account', account: accountOf(mapped) };
    case 'out-of-scope':
    case 'protected':
      return { kind: 'out-of-scope' };
    case 'failed':
      return { kind: 'failed', words: mapped.problems.map(words).join('; ') };
  }
}

export type Tell = (path: readonly Step[], message: string, shown?: string) => SampleFault;

export function teller(name: string, places: Places): Tell {
  return (path, message, shown = message) => {
    const { file, line, column } = path.length === 0 ? places.test : places.of(path);
    return { file, line, column, field: `test "${name}"`, message, shown };
  };
}

function outcomeFaults(
  test: PersonTest,
  mapped: Mapped,
  mapping: Mapping,
  tell: Tell,
): readonly SampleFault[] {
  if (test.account !== undefined) {
    if (mapped.kind !== 'in-scope')
      return [tell(['account'], `an account is expected, and ${said(mapped)}.`)];
    const sensitive = mapping.policy.attributes.filter((one) => one.sensitive).map(({ path }) => path);
    const expected = withMentions(test.account as JsonObject);
    return differing(expected, accountOf(mapped)).map((one) => attributeFault(one, sensitive, tell));
  }
  if (test.outOfScope === true) return kindFault('out-of-scope', 'outOfScope', mapped, tell);
  if (test.protected === true) return kindFault('protected', 'protected', mapped, tell);
  return failureFaults(test.fails ?? '', mapped, tell);
}

function kindFault(
  kind: Mapped['kind'],
  outcome: string,
  mapped: Mapped,
  tell: Tell,
): readonly SampleFault[] {
  return mapped.kind === kind ? [] : [tell([outcome], `${outcome} is expected, and ${said(mapped)}.`)];
}

function failureFaults(wanted: string, mapped: Mapped, tell: Tell): readonly SampleFault[] {
  if (mapped.kind !== 'failed') return [tell(['fails'], `a failure is expected, and ${said(mapped)}.`)];
  const told = mapped.problems.map(words);
  if (told.some((text) => text.includes(wanted))) return [];
  return [tell(['fails'], `fails otherwise than expected: ${told.join('; ')}.`)];
}

/** Fixed texts and names of attributes, never values. */
function words({ attribute, message }: MappingProblem): string {
  return `${attribute}: ${message}`;
}

function said(mapped: Mapped): string {
  switch (mapped.kind) {
    case 'in-scope':
      return 'an account comes out';
    case 'out-of-scope':
      return 'the person is out of scope';
    case 'protected':
      return `the person is ${mapped.reason}`;
    case 'failed':
      return `the person cannot be mapped: ${mapped.problems.map(words).join('; ')}`;
  }
}

function warningFaults({ warnings: wanted }: PersonTest, mapped: Mapped, tell: Tell): readonly SampleFault[] {
  if (wanted === undefined) return [];
  const told = mapped.kind === 'in-scope' ? mapped.warnings.map(words) : [];
  const missing = wanted.flatMap((text, index) =>
    told.some((one) => one.includes(text))
      ? []
      : [
          tell(
            ['warnings', index],
            `no such warning comes out${told.length === 0 ? '' : `: ${told.join('; ')}`}.`,
          ),
        ],
  );
  const surplus = told
    .filter((one) => !wanted.some((text) => one.includes(text)))
    .map((one) => tell(['warnings'], `an unexpected warning comes out: ${one}.`));
  return [...missing, ...surplus];
}

/** As it will be, with whom it refers to in the place of the ids that only the target knows. */
function accountOf({ user, references = [] }: Extract<Mapped, { kind: 'in-scope' }>): JsonObject {
  return references.reduce<JsonObject>(
    (so, { path, mention }) => withValue(so, path, { accountOf: readMention(mention).value }),
    user,
  );
}

/** Names of people as the test has them, in the form that `accountOf` gives. */
function withMentions(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mentionsIn(inner)]));
}

function mentionsIn(value: Json): Json {
  if (isJsonList(value)) return value.map(mentionsIn);
  if (!isJsonObject(value)) return value;
  const { accountOf: named, ...rest } = value;
  return Object.keys(rest).length === 0 && typeof named === 'string'
    ? { accountOf: readMention(mentionNamed(named)).value }
    : withMentions(value);
}

function attributeFault(
  { path, expected, got }: Differing,
  sensitive: readonly (readonly string[])[],
  tell: Tell,
): SampleFault {
  const name = pathInWords(path);
  const isMasked = sensitive.some((hidden) => hidden.every((step, depth) => path[depth] === step));
  const show = (value: Json | undefined) => (isMasked ? MASK : JSON.stringify(value));
  const at = ['account', ...path];
  if (expected === undefined)
    return tell(
      at,
      `${name} is not expected, and comes out.`,
      `${name}: nothing is expected, and ${show(got)} comes out.`,
    );
  if (got === undefined)
    return tell(
      at,
      `${name} is expected, and does not come out.`,
      `${name}: ${show(expected)} is expected, and nothing comes out.`,
    );
  return tell(
    at,
    `${name} comes out otherwise than expected.`,
    `${name}: ${show(expected)} is expected, and ${show(got)} comes out.`,
  );
}
