/**
 * Asks the newest file where people are, in one pass: among the people who are read, among the records that are not, or
 * nowhere. Only a whole file without a fault says "nowhere".
 */
import { SourceUnavailable } from '../../errors.ts';
import type { StableId } from '../../person/anchor.ts';
import type { Entry, GroupEntry } from '../../person/entry.ts';
import { normaliseDn } from '../ldap/index.ts';
import type { Found, Named } from '../source.ts';
import { gatherGroups } from './gather-groups.ts';
import { newestFile } from './locate.ts';
import type { FileSourceOptions } from './options.ts';
import { readiness } from './ready.ts';
import { openFile, type ScanEnd, type Scanned, scan } from './scan.ts';

/** @throws SourceUnavailable where the file is not there, not ready, or cannot be read */
export async function* findInFile(
  options: FileSourceOptions,
  ids: readonly StableId[],
  signal: AbortSignal,
): AsyncGenerator<readonly [StableId, Found], void> {
  if (ids.length === 0) return;
  const wanted = new Set(ids);
  const people = new Map<StableId, Entry | 'several'>();
  const outside = new Set<StableId>();
  for await (const item of scanNewest(options, signal)) {
    if (item.kind === 'person' && wanted.has(item.entry.stableId)) {
      const { stableId } = item.entry;
      people.set(stableId, people.has(stableId) ? 'several' : item.entry);
    }
    if (item.kind === 'outside' && item.stableId !== null && wanted.has(item.stableId))
      outside.add(item.stableId);
    if (item.kind !== 'end') continue;
    for (const id of wanted) yield [id, answer(people.get(id), outside.has(id), item.problems)];
  }
}

function answer(
  entry: Entry | 'several' | undefined,
  isOutside: boolean,
  problems: readonly string[],
): Found {
  if (entry === 'several') return { kind: 'cannot-tell', why: 'this id stands in the file more than once' };
  if (entry !== undefined) return { kind: 'in-scope', entry };
  // The record that makes them one of the people may be the one that cannot be used.
  if (problems.length > 0) return { kind: 'cannot-tell', why: problems.join('; ') };
  return { kind: isOutside ? 'out-of-scope' : 'gone' };
}

/**
 * The groups of the newest file that name one of these people or groups.
 * @throws SourceUnavailable where the file cannot tell
 */
export async function* groupsInFile(
  options: FileSourceOptions,
  members: readonly Named[],
  signal: AbortSignal,
): AsyncGenerator<GroupEntry, void> {
  if (members.length === 0) return;
  const names = new Set(
    members.flatMap(({ dn, memberNames = [] }) =>
      dn === undefined ? memberNames : [normaliseDn(dn), ...memberNames],
    ),
  );
  const isMeant = (group: GroupEntry) => group.members.some((member) => names.has(member));
  const gathered = gatherGroups();
  for await (const item of scanNewest(options, signal)) {
    if (item.kind === 'person') gathered.add(item.entry.stableId, item.groups);
    if (item.kind === 'group' && isMeant(item.group)) yield item.group;
    if (item.kind !== 'end') continue;
    if (item.problems.length > 0)
      throw new SourceUnavailable(`source ${options.name}: ${item.problems.join('; ')}`);
    yield* gathered.all(false).filter(isMeant);
  }
}

async function* scanNewest(
  options: FileSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<Scanned | ScanEnd, void> {
  const located = await newestFile(options);
  const { name } = located.print;
  const ready = await readiness(located, options, signal);
  if (ready.kind === 'waiting') throw new SourceUnavailable(`source ${options.name}: ${name} ${ready.why}`);
  const file = await openFile(located, options.name);
  try {
    for await (const item of scan(file, options, signal)) {
      if (item.kind === 'end' && ready.digest !== null && ready.digest !== item.digest)
        throw new SourceUnavailable(`source ${options.name}: ${name} does not have its digest`);
      yield item;
    }
  } finally {
    await file.handle.close();
  }
}
