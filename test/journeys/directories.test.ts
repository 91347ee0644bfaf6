/**
 * The table of directories: each event in a real OpenLDAP, Active Directory (Samba) and 389 Directory Server, read in each
 * way that there is for it, and what the target holds afterwards, attribute for attribute and write for write. Each
 * column is a whole installation; the events come one after the other, so that each finds what the ones before left.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROVISIONING_MS } from '../support/samba.ts';
import type { Accounts } from './directories/accounts.ts';
import { startActiveDirectory } from './directories/active-directory.ts';
import { type Column, startColumn } from './directories/column.ts';
import { startDirectoryServer389 } from './directories/ds389.ts';
import { happen } from './directories/event.ts';
import { EVENTS } from './directories/events/index.ts';
import { startOpenLdap } from './directories/openldap.ts';
import type { Server } from './directories/server.ts';
import { type Row, tableOf } from './directories/table.ts';
import { createWorld } from './directories/world.ts';

const servers: Server[] = [];
const columns: Column[] = [];
const rows: Row[] = [];
let accounts: Accounts = {};

beforeAll(async () => {
  // Whatever has started is stopped, also where another one does not start.
  const start = async (starting: Promise<Server>) => {
    const server = await starting;
    servers.push(server);
    const world = await createWorld(server);
    for (const way of server.ways) columns.push(await startColumn(world, way));
  };
  await Promise.all([startOpenLdap(), startActiveDirectory(), startDirectoryServer389()].map(start));
}, PROVISIONING_MS);

afterAll(async () => {
  console.log(`\n${tableOf(columns, rows)}\n`);
  await Promise.all(columns.map((column) => column.stop()));
  await Promise.all(servers.map((server) => server.stop()));
});

/** Room for seven installations on two busy cores. */
const ROW_MS = 180_000;

test.each(EVENTS)(
  '$name',
  async (event) => {
    const { outcomes, after } = await happen(event, columns, accounts);
    accounts = after;
    rows.push({ event: event.name, outcomes });
    const told = (which: 'seen' | 'expected') =>
      Object.fromEntries([...outcomes].map(([title, outcome]) => [title, outcome[which]]));
    expect(told('seen')).toEqual(told('expected'));
  },
  ROW_MS,
);
