/** How the demo looks at what has happened, and puts it into words. */
import { until } from '../sandbox/until.ts';
import type { Json } from './api.ts';
import { mailOf, PEOPLE, type Person } from './cast.ts';
import type { Stage } from './stage.ts';

export type PlanJson = {
  readonly action: string;
  readonly differences?: readonly {
    readonly path: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
};

export function inWords({ action, differences = [] }: PlanJson): string {
  const changes = differences.map(({ path, before, after }) => {
    const name = Array.isArray(path) ? path.join('.') : path;
    return `${name} ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
  });
  return [action, ...changes].join(' ');
}

export type DriftJson = {
  readonly account: string;
  readonly differences: readonly { readonly path: string; readonly has: unknown; readonly wanted: unknown }[];
};

export function driftInWords({ account, differences }: DriftJson): readonly string[] {
  return differences.map(
    ({ path, has, wanted }) =>
      `account ${account} has ${path} ${JSON.stringify(has)}, wanted is ${JSON.stringify(wanted)}`,
  );
}

/** A plan with its first person alone, and the totals. */
export function shortened(lines: readonly string[]): readonly string[] {
  const plan = lines.filter((line) => line !== '');
  const people = plan.flatMap((line, at) => (/^[+=~!-] /.test(line) ? [at] : []));
  const totals = plan.findIndex((line) => /^\S+: \d/.test(line));
  const [, second = totals] = people;
  if (totals < 0 || people.length < 2) return plan;
  return [...plan.slice(0, second), `… and ${people.length - 1} more`, ...plan.slice(totals)];
}

export async function followed(api: Stage['api'], run: string): Promise<Json> {
  return await until('the run has ended', async () => {
    const now = await api.get(`/v1/runs/${run}`);
    return now.state === 'running' ? null : now;
  });
}

export async function lastEntry(control: Stage['control']): Promise<number> {
  return (await control.journal()).at(-1)?.sequence ?? 0;
}

export async function writesSince(control: Stage['control'], since: number): Promise<string[]> {
  const entries = (await control.journal({ since })).filter(
    ({ sequence, method }) => sequence > since && method !== 'GET',
  );
  return entries.map(({ method, path, body, status }) => {
    const shown = { ...(body as Json) };
    delete shown.schemas;
    return `${method} ${path.split('/').slice(-2).join('/')} ${JSON.stringify(shown)} → ${status}`;
  });
}

export async function nameOf(control: Stage['control'], person: Person): Promise<Json> {
  return ((await control.account(mailOf(person)))?.user.name ?? {}) as Json;
}

export function personNamed(givenName: string): Person {
  const found = PEOPLE.find((person) => person.givenName === givenName);
  if (found === undefined) throw new Error(`nobody is called ${givenName}`);
  return found;
}

export function dnOf(person: Person, base: string): string {
  return `uid=${person.uid},${base}`;
}
