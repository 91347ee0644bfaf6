/**
 * What a plan for everybody costs where one in a hundred has changed: time, requests to the target, memory, and how
 * large the file is, against listing the same accounts and comparing each with another as JSON text, which is the least
 * that could be done. Real Redis, the sandbox target, everybody linked.
 *
 *   npm run bench:plan            100,000 people
 *   npm run bench:plan -- 5000
 */
import type { Context } from '../app/context.ts';
import { planningDeps } from '../app/planning-deps.ts';
import { makePlan } from '../app/sync/planning/make-plan.ts';
import { absorbEntry } from '../app/sync/reading/absorb.ts';
import { report } from './report.ts';
import { linkEverybody, personNumber, setStage, timed } from './stage.ts';

const PEOPLE = Number(process.argv[2] ?? 100_000);
const CHANGED = Math.floor(PEOPLE / 100);
const CALL = {
  signal: new AbortController().signal,
  lane: 'manual',
  beforeRequest: async () => {},
  waitUntil: async () => {},
} as const;
const EVERYBODY = {
  source: null,
  target: null,
  people: [],
  group: null,
  groups: false,
  matches: null,
  fresh: false,
};

await report('plan', PEOPLE, await measured());

async function measured(): Promise<readonly object[]> {
  const stage = await setStage();
  try {
    await linkEverybody(PEOPLE, stage);
    const { context, control } = stage;
    await changeSome(context);
    const comparing = await timed(() => listAndCompare(context));
    await control.clearJournal();
    let bytes = 0;
    const planning = await timed(async () => {
      bytes = await planAll(context);
    });
    const journal = await control.journal();
    return [
      { what: 'listing, and comparing texts', seconds: Number(comparing.toFixed(2)), ratio: 1 },
      {
        what: 'plan',
        seconds: Number(planning.toFixed(2)),
        ratio: Number((planning / comparing).toFixed(1)),
        peopleASecond: Math.round(PEOPLE / planning),
        requests: journal.length,
        writes: journal.filter(({ method }) => method !== 'GET').length,
        fileMiB: Number((bytes / 2 ** 20).toFixed(1)),
        peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      },
    ];
  } finally {
    await stage.strike();
  }
}

async function changeSome({ reading }: Context): Promise<void> {
  for (let n = 0; n < CHANGED; n += 1) {
    const { attributes, ...person } = personNumber(n * 100);
    await absorbEntry('hr', { ...person, attributes: { ...attributes, sn: ['Lovelace'] } }, reading);
  }
}

/** With what a script would have at hand: the text of each account as it shall be. */
async function listAndCompare(context: Context): Promise<void> {
  let different = 0;
  for await (const item of context.target('agileplace').list(CALL)) {
    if (item.kind === 'end') continue;
    for (const { user } of item.accounts) {
      const wanted = { ...user, name: { familyName: 'Byron' } };
      if (JSON.stringify(wanted) !== JSON.stringify(user)) different += 1;
    }
  }
  if (different > PEOPLE) throw new Error('more than there are');
}

/** @returns how long the file is */
async function planAll(context: Context): Promise<number> {
  const { file } = await makePlan(EVERYBODY, await planningDeps(context), CALL);
  if (file.targets[0]?.actions.update !== CHANGED) throw new Error(JSON.stringify(file.targets));
  return JSON.stringify(file).length;
}
