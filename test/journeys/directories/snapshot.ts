/** What a target holds and what came there, told in people's names instead of ids. */
import { ENTERPRISE_URN, type JsonObject } from '../../../app/scim/resource.ts';
import type { JournalEntry, Sandbox } from '../../support/sandbox.ts';

export type Snapshot = {
  /** How the reads ended. */
  readonly runs: readonly string[];
  /** `PATCH ada`, sorted; with the status where the target refused it. */
  readonly writes: readonly string[];
  /** By name; every attribute that the target shows. */
  readonly accounts: Readonly<Record<string, JsonObject>>;
};

export type Names = {
  /** Stable ids of people by their names. */
  readonly people: ReadonlyMap<string, string>;
  /** The account that each had when it was first seen: another one shows as a stranger ever after. */
  readonly accountIds: Map<string, string>;
};

/** Empties the target's journal. */
export async function snapshotOf(sandbox: Sandbox, names: Names): Promise<Omit<Snapshot, 'runs'>> {
  const [accounts, journal] = [await sandbox.accounts(), await sandbox.journal()];
  await sandbox.clearJournal();
  const byId = new Map([...names.people].map(([name, id]) => [id, name]));
  const whoseId = new Map<string, string>();
  for (const { id, user } of accounts) {
    const name = byId.get(String(user['externalId'])) ?? String(user['externalId']);
    const first = names.accountIds.get(name) ?? id;
    names.accountIds.set(name, first);
    whoseId.set(id, first === id ? name : `another account of ${name}`);
  }
  const named = accounts.map(({ id, user }) => [whoseId.get(id) ?? id, inNames(user, byId, whoseId)]);
  return {
    writes: journal
      .filter(isWrite)
      .map((entry) => inWords(entry, byId, whoseId))
      .sort(),
    accounts: Object.fromEntries(named),
  };
}

function isWrite({ method }: JournalEntry): boolean {
  return method !== 'GET';
}

function inWords({ method, path, body, status }: JournalEntry, byId: Lookup, whoseId: Lookup): string {
  const id = path.split('/').at(-1) ?? '';
  const externalId = String((body as JsonObject | null)?.['externalId'] ?? '');
  const name = method === 'POST' ? byId.get(externalId) : whoseId.get(id);
  const isFine = status !== null && status < 300;
  return `${method} ${name ?? path}${isFine ? '' : ` (${status})`}`;
}

type Lookup = ReadonlyMap<string, string>;

function inNames(user: JsonObject, byId: Lookup, whoseId: Lookup): JsonObject {
  const externalId = String(user['externalId']);
  const told = { ...user, externalId: byId.get(externalId) ?? externalId };
  const enterprise = user[ENTERPRISE_URN] as { manager?: { managerId?: string } } | undefined;
  const managerId = enterprise?.manager?.managerId;
  if (managerId === undefined) return told;
  return { ...told, [ENTERPRISE_URN]: { manager: { managerId: whoseId.get(managerId) ?? managerId } } };
}
