/** A whole round in which nothing has changed: a sweep, and a comparison with everybody at the sandbox target. */
import { randomUUID } from 'node:crypto';
import type { Entry } from '../../app/person/entry.ts';
import type { ScimUser } from '../../app/scim/resource.ts';
import type { Source } from '../../app/sources/source.ts';
import { readSource } from '../../app/sync/reading/read-source.ts';
import { reconcile } from '../../app/sync/reconciling/reconcile.ts';
import type { Directory } from '../../sandbox/directory/slapd.ts';
import { type BenchStage, linkAll, timed } from '../stage.ts';
import { setDirectoryStage } from './installed.ts';

const BATCH = 1_000;
const never = new AbortController().signal;

export type Whole = { readonly sweep: number; readonly comparison: number; readonly writes: number };

/** @returns seconds */
export async function measureWhole(directory: Directory): Promise<Whole> {
  const stage = await setDirectoryStage(directory, '{ every: 1h }');
  try {
    const { context, control } = stage;
    const source = context.source('corp');
    if (source === null) throw new Error('no source');
    const people = await linkAllOf(source, stage);
    await sweep(source, stage);
    await control.clearJournal();
    const swept = await timed(() => sweep(source, stage));
    const compared = await timed(async () => {
      const run = await reconcile(context.target('agileplace'), randomUUID(), context.reconciling, never);
      if (run?.state !== 'ok' || run.counts.asWanted !== people) throw new Error(JSON.stringify(run));
    });
    const writes = (await control.journal()).filter(({ method }) => method !== 'GET').length;
    return { sweep: swept, comparison: compared, writes };
  } finally {
    await stage.strike();
  }
}

async function linkAllOf(source: Source, stage: BenchStage): Promise<number> {
  let people = 0;
  let waiting: Entry[] = [];
  const link = async () => {
    await linkAll('corp', waiting, waiting.map(userOf), stage);
    people += waiting.length;
    waiting = [];
  };
  for await (const item of source.read({ since: null, everyone: true }, never)) {
    if (item.kind === 'person') waiting.push(item.entry);
    if (waiting.length >= BATCH) await link();
  }
  await link();
  return people;
}

async function sweep(source: Source, { context }: BenchStage): Promise<void> {
  const run = await readSource(source, 'sweep', context.reading, never);
  if (run?.state !== 'ok') throw new Error(`the sweep is ${run?.state}: ${run?.reason}`);
}

/** What the mapping makes of them. */
function userOf({ stableId, attributes }: Entry): ScimUser {
  const value = (name: string) => attributes[name]?.[0] ?? '';
  return {
    userName: value('mail'),
    externalId: stableId,
    active: true,
    name: { familyName: value('sn'), givenName: value('givenname') },
  };
}
