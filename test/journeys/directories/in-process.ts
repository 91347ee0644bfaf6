/** The service in this process: its own reading, stores and provisioning, with a Redis and a target of its own. */
import { createLdapSource, type LdapSourceOptions } from '../../../app/sources/ldap/index.ts';
import { readSource } from '../../../app/sync/reading/read-source.ts';
import { releaseRun } from '../../../app/sync/reading/release.ts';
import { type Rig, startRig } from '../../support/rig.ts';
import { mappingFor } from './mapping.ts';
import type { Server, Way } from './server.ts';
import { PAGE_SIZE, type StartService, TIMEOUT_MS } from './service.ts';

const never = new AbortController().signal;

export const startInProcess: StartService = async (server, way, port) => {
  const rig = await startRig({ mapping: mappingFor(server), timeoutMs: TIMEOUT_MS });
  const source = createLdapSource(sourceOptions(server, way, port, rig));
  return {
    sandbox: rig.sandbox,
    async read(kind) {
      const run = await readSource(source, kind, rig.reading, never);
      await provisionAll(rig);
      return { state: run?.state ?? 'another reads', tracking: run?.tracking ?? null };
    },
    async release() {
      const held = await rig.stores.runs.list({ state: 'held', limit: 10 });
      const released = [];
      for (const { id } of held)
        released.push(await releaseRun(id, { actor: 'operator', reason: 'checked' }, rig.reading));
      await provisionAll(rig);
      return released.map(({ kind }) => kind);
    },
    stop: () => rig.stop(),
  };
};

function sourceOptions(
  server: Server,
  { account, configured }: Way,
  port: number,
  rig: Rig,
): LdapSourceOptions {
  return {
    name: 'corp',
    urls: [`ldaps://127.0.0.1:${port}`],
    tls: 'ldaps',
    ca: server.ca,
    serverName: 'localhost',
    bindDn: account.dn,
    password: () => account.password,
    tracking: configured,
    people: { base: server.bases.staff },
    groups: { base: server.bases.groups },
    lookupBase: server.suffix,
    reads: mappingFor(server).reads,
    pageSize: PAGE_SIZE,
    timeoutMs: TIMEOUT_MS,
    now: rig.now,
  };
}

/** Whoever is due, then whoever became due by that. */
async function provisionAll(rig: Rig): Promise<void> {
  while ((await rig.stores.due.count('agileplace')) > 0) {
    for await (const batch of rig.stores.due.scan('agileplace')) {
      for (const { key } of batch) await rig.attempt(key);
    }
  }
}
