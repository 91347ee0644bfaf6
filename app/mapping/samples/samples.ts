/**
 * The tests of a mapping file, taken off its tree: those that are about the environment that counts, ready to run. A
 * wrong shape is passed over, since it is reported with the whole file's.
 */
import type * as z from 'zod';
import { type StableId, toStableId } from '../../person/anchor.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Position } from '../file-problem.ts';
import type { GroupMapping, MappedGroup } from '../group/group-mapping.ts';
import type { Mapping } from '../mapping.ts';
import type { Report } from '../report.ts';
import type { Rules } from '../rules.ts';
import { entryOf, type Located, type LocatedEntry, plain } from '../yaml-tree.ts';
import { differing, pathInWords, type Step } from './differing.ts';
import { type Places, personFaults, type Tell, teller } from './run-sample.ts';
import { GROUP_TESTS, type GroupTest, PERSON_TESTS } from './sample-schema.ts';
import type { SampleFault, SampleTest } from './sample-test.ts';

/** What the tests of a file are run in. */
export type Surrounding = {
  /** The file with what it includes. */
  readonly root: Located;
  /** The environment that counts; null where none is chosen. */
  readonly environment: string | null;
  readonly report: Report;
};

export function personTests(mapping: Mapping, surrounding: Surrounding): readonly SampleTest[] {
  const joined = (mapping.joins ?? []).map(({ source }) => source);
  return relevant(PERSON_TESTS, surrounding).map(({ test, places }) => {
    for (const name of Object.keys(test.person.joined ?? {})) {
      if (joined.includes(name)) continue;
      const mend = didYouMean(name, joined) || ' Join it, or take it out.';
      const at = places.of(['person', 'joined', name]);
      surrounding.report.problem(at, 'tests', `the mapping joins no source "${name}".${mend}`);
    }
    return {
      name: test.name,
      at: places.test,
      faults: (now) => personFaults(test, mapping, places, now),
    };
  });
}

export function groupTests(mapping: GroupMapping, surrounding: Surrounding): readonly SampleTest[] {
  return relevant(GROUP_TESTS, surrounding).map(({ test, places }) => ({
    name: test.name,
    at: places.test,
    faults: () => groupFaults(test, mapping, teller(test.name, places)),
  }));
}

type Written<T> = { readonly test: T; readonly places: Places };

function relevant<T extends { readonly environments?: readonly string[] | undefined }>(
  schema: z.ZodType<readonly T[]>,
  { root, environment, report }: Surrounding,
): readonly Written<T>[] {
  const node = entryOf(root, 'tests')?.value;
  const parsed = node === undefined ? null : schema.safeParse(plain(node));
  if (node?.kind !== 'list' || parsed?.success !== true) return [];
  const known = entriesOf(root, 'environments').map(({ key }) => key);
  return parsed.data.flatMap((test, index) => {
    const item = node.items[index] ?? node;
    const places = placesIn(item);
    for (const [at, name] of (test.environments ?? []).entries()) {
      if (known.includes(name)) continue;
      const mend = didYouMean(name, known) || ' Name one of the environments of this file.';
      report.problem(places.of(['environments', at]), 'tests', `there is no environment "${name}".${mend}`);
    }
    const isMeant = test.environments === undefined || test.environments.includes(environment ?? '');
    return isMeant ? [{ test, places }] : [];
  });
}

function placesIn(test: Located): Places {
  return { test: test.at, of: (path) => placeOf(test, path, test.at) };
}

function placeOf(node: Located, [step, ...rest]: readonly Step[], outside: Position): Position {
  const entry = typeof step === 'string' ? entryOf(node, step) : undefined;
  if (entry !== undefined) return placeOf(entry.value, rest, entry.keyAt);
  const item = node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
  return item === undefined ? outside : placeOf(item, rest, item.at);
}

function groupFaults(test: GroupTest, mapping: GroupMapping, tell: Tell): readonly SampleFault[] {
  const { id, name, dn = '', members = 0 } = test.group;
  const stableId = toStableId(String(id)) ?? (String(id) as StableId);
  const mapped = mapping.map({ source: mapping.source, stableId, name, dn, members });
  const outcome =
    test.becomes === undefined ? (test.outOfScope === true ? 'outOfScope' : 'fails') : 'becomes';
  const otherwise = [tell([outcome], `${outcome} is expected, and ${saidOfGroup(mapped)}.`)];
  switch (mapped.kind) {
    case 'out-of-scope':
      return outcome === 'outOfScope' ? [] : otherwise;
    case 'failed': {
      const wanted = test.fails;
      const isWanted = mapped.problems.some(
        (one) => wanted !== undefined && `${one.attribute}: ${one.message}`.includes(wanted),
      );
      return isWanted ? [] : otherwise;
    }
    case 'in-scope': {
      if (test.becomes === undefined) return otherwise;
      const { kind: _kind, ...made } = mapped;
      return differing(plainOf(test.becomes), made).map(({ path, expected, got }) => {
        const words = pathInWords(path);
        const shown = `${words}: ${JSON.stringify(expected) ?? 'nothing'} is expected, and ${JSON.stringify(got) ?? 'nothing'} comes out.`;
        return tell(['becomes', ...path], `${words} comes out otherwise than expected.`, shown);
      });
    }
  }
}

function plainOf({ displayName, externalId }: NonNullable<GroupTest['becomes']>) {
  return externalId === undefined ? { displayName } : { displayName, externalId };
}

function saidOfGroup(mapped: MappedGroup): string {
  switch (mapped.kind) {
    case 'in-scope':
      return 'a group comes out';
    case 'out-of-scope':
      return 'the group is out of scope';
    case 'failed':
      return `the group cannot be mapped: ${mapped.problems.map(({ attribute, message }) => `${attribute}: ${message}`).join('; ')}`;
  }
}

/** A sample attribute that nothing reads is most often a slip in its name. */
export function warnOfUnread(root: Located, rules: Rules, report: Report): void {
  const named = [...rules.reads, ...rules.fromReads];
  const read = new Set([...named.map(({ key }) => key), ...rules.joined.map(({ on }) => on.toLowerCase())]);
  const tests = entryOf(root, 'tests')?.value;
  for (const test of tests?.kind === 'list' ? tests.items : []) {
    for (const { key, keyAt } of attributesIn(entryOf(test, 'person')?.value)) {
      if (read.has(key.toLowerCase())) continue;
      const mend = didYouMean(
        key,
        named.map(({ name }) => name),
      );
      report.warning(keyAt, 'tests', `nothing in this mapping reads "${key}".${mend}`);
    }
  }
}

function attributesIn(person: Located | undefined): readonly LocatedEntry[] {
  const joined = entriesOf(person, 'joined').map(({ value }) => value);
  return [
    ...entriesOf(person, 'attributes'),
    ...joined.flatMap((one) => (one.kind === 'map' ? one.entries : [])),
  ];
}

function entriesOf(node: Located | undefined, key: string): readonly LocatedEntry[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'map' ? value.entries : [];
}
