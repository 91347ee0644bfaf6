import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'ldapts';
import { expect, test } from 'vitest';
import { findSlapd } from '../../../sandbox/directory/installation.ts';
import { ldifEntry } from '../../../sandbox/directory/ldif.ts';
import { startDirectory } from '../../../sandbox/directory/slapd.ts';

const ADA = 'uid=ada,ou=people,dc=example,dc=test';

test('a directory is changed, survives a restart, and leaves nothing behind', async () => {
  const ldif = ldifEntry(ADA, {
    objectClass: 'inetOrgPerson',
    uid: 'ada',
    cn: 'Ädä ',
    sn: 'x',
    mail: ['a@b', 'c@d'],
  });
  const directory = await startDirectory({ ldif });
  await directory.modify(ADA, { replace: { sn: 'Lovelace' }, add: { mail: 'e@f' }, remove: { mail: 'a@b' } });
  await directory.rename(ADA, `uid=ada,${directory.formerBase}`);
  await directory.restart();
  const entry = await directory.read(`uid=ada,${directory.formerBase}`);
  expect(entry).toMatchObject({ cn: ['Ädä '], sn: ['Lovelace'], mail: ['c@d', 'e@f'] });
  await directory.remove(`uid=ada,${directory.formerBase}`);
  await expect(directory.read(`uid=ada,${directory.formerBase}`)).rejects.toThrow();
  await directory.stop();
  expect(existsSync(dirname(directory.caFile))).toBe(false);
});

test('anonymous sees nothing, the reader sees everything', async () => {
  const directory = await startDirectory();
  const client = new Client({ url: directory.ldapUrl, timeout: 5_000 });
  try {
    await expect(client.search(directory.suffix)).rejects.toThrow('0x20');
    await client.bind(directory.reader.dn, directory.reader.password);
    expect((await client.search(directory.suffix)).searchEntries).toHaveLength(6);
  } finally {
    await client.unbind();
    await directory.stop();
  }
});

test('two directories run side by side, and a folder that exists is not touched', async () => {
  const [first, second] = await Promise.all([startDirectory(), startDirectory()]);
  expect(first.port).not.toBe(second.port);
  const folder = await mkdtemp(join(tmpdir(), 'mine-'));
  await expect(startDirectory({ dir: folder })).rejects.toThrow('EEXIST');
  expect(existsSync(folder)).toBe(true);
  await Promise.all([first.stop(), second.stop(), rm(folder, { recursive: true })]);
});

test('a missing slapd is told with the way to get it', async () => {
  await expect(findSlapd(['/nowhere'])).rejects.toThrow(
    'slapd was not found on this machine. Run: npm run setup',
  );
});

test('alone, it prints one line of JSON and ends when told to', async () => {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'sandbox/directory/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = child.stdout === null ? [] : await once(child.stdout, 'data');
  const told = JSON.parse(String(line));
  expect(told).toMatchObject({
    peopleBase: 'ou=people,dc=example,dc=test',
    reader: { dn: 'cn=reader,dc=example,dc=test' },
  });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(told.caFile)).toBe(false);
});

test('a port that somebody took meanwhile is given up for another', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const address = busy.address();
  const taken = address !== null && typeof address === 'object' ? address.port : 0;
  const asked: number[] = [];
  const directory = await startDirectory({
    pickPorts: async (free) => {
      const ports = await free();
      asked.push(ports.plain);
      return asked.length === 1 ? { ...ports, plain: taken } : ports;
    },
  });
  expect(asked).toHaveLength(2);
  expect(directory.port).toBe(asked[1]);
  await directory.stop();
  busy.close();
});
