/**
 * What mapping people costs: people a second on one thread, with the AgilePlace example and with a rich mapping, against
 * a hand-written function that gives the same; time to load the file, and the memory that it keeps. Both take turns in
 * one run, and every result is compared before anything is measured. Seconds are those of the processor, the collection
 * of garbage included, so that other work on the machine counts less. It runs compiled, as in production.
 *
 *   npm run bench:mapping
 */
import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadMapping, type Mapping } from '../app/mapping/index.ts';
import type { Identity } from '../app/person/identity.ts';
import { agileplaceByHand, type ByHand, richByHand } from './mapping-parts/by-hand.ts';
import { people } from './mapping-parts/people.ts';
import { report } from './report.ts';

type Case = { readonly name: string; readonly file: string; readonly byHand: ByHand };

const CASES: readonly Case[] = [
  { name: 'AgilePlace example', file: 'mappings/agileplace.yaml', byHand: agileplaceByHand },
  { name: 'rich', file: 'bench/mapping-parts/rich.yaml', byHand: richByHand },
];
const PEOPLE = 5_000;
const ROUNDS = 9;
/** Of each side in each round. */
const ROUND_MS = 400;
const LOADS = 30;
const NOW = new Date('2026-03-01T12:00:00Z');

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const everybody = people(PEOPLE);
await report('mapping', PEOPLE, CASES.map(measured));

function measured({ name, file, byHand }: Case): object {
  const text = readFileSync(file, 'utf8');
  const mapping = loaded(file, text);
  for (const identity of everybody) deepStrictEqual(userOf(mapping, identity), byHand(identity));
  const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
    ours: peoplePerSecond((identity) => mapping.map(identity, NOW)),
    byHand: peoplePerSecond(byHand),
  })).slice(1); // the first one warms up
  const ours = median(rounds.map((round) => round.ours));
  return {
    mapping: name,
    peoplePerSecond: Math.round(ours),
    byHand: Math.round(median(rounds.map((round) => round.byHand))),
    ratio: Number(median(rounds.map((round) => round.ours / round.byHand)).toFixed(2)),
    loadMs: Number(
      median(Array.from({ length: LOADS }, () => millisecondsOf(() => loaded(file, text)))).toFixed(1),
    ),
    keptKiB: keptKiB(file, text),
  };
}

function loaded(file: string, text: string): Mapping {
  const result = loadMapping(file, text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.mapping;
}

function userOf(mapping: Mapping, identity: Identity): object | null {
  const mapped = mapping.map(identity, NOW);
  switch (mapped.kind) {
    case 'in-scope':
      return mapped.user;
    case 'out-of-scope':
      return null;
    default:
      throw new Error(JSON.stringify(mapped));
  }
}

function peoplePerSecond(map: (identity: Identity) => unknown): number {
  let served = 0;
  let spent = 0;
  const before = process.cpuUsage();
  while (spent < ROUND_MS) {
    for (const identity of everybody) map(identity);
    served += everybody.length;
    spent = processorMs(before);
  }
  return (served / spent) * 1_000;
}

function millisecondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return processorMs(before);
}

function processorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Of one mapping, by the growth of the heap with as many as `LOADS`. */
function keptKiB(file: string, text: string): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: LOADS }, () => loaded(file, text));
  collectGarbage();
  return Math.round((process.memoryUsage().heapUsed - before) / kept.length / 1_024);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
