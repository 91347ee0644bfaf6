import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../app/errors.ts';
import type { StableId } from '../../../app/person/anchor.ts';
import { findOne } from '../../../app/sources/find-one.ts';
import type { Found } from '../../../app/sources/source.ts';
import { type Directory, startDirectory } from '../../../sandbox/directory/slapd.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { FORMER, never, PEOPLE, person, sourceFor, uuid } from './invented.ts';

const ADA = uuid(1) as StableId;

describe('O-06: where is this person now?', () => {
  let directory: Directory;
  let proxy: TcpProxy;
  beforeAll(async () => {
    directory = await startDirectory({
      ldif: person('ada', { entryUUID: ADA }) + person('bea', { entryUUID: uuid(2) }),
    });
    proxy = await startTcpProxy(directory.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await directory.stop();
  });
  beforeEach(() => proxy.behave());

  test('in scope: with the entry as it is now', async () => {
    await directory.modify(`uid=ada,${PEOPLE}`, { replace: { sn: 'Lovelace' } });
    const found = await findOne(sourceFor(directory), ADA, never);
    expect(found).toMatchObject({ kind: 'in-scope', entry: { stableId: ADA, dn: `uid=ada,${PEOPLE}` } });
    expect(found.kind === 'in-scope' && { ...found.entry.attributes }).toEqual({
      uid: ['ada'],
      mail: ['ada@example.test'],
      sn: ['Lovelace'],
    });
  });

  test('out of scope: still under the base, but the filter does not match any more', async () => {
    const people = { base: PEOPLE, filter: '(&(objectClass=inetOrgPerson)(!(uid=ada)))' };
    expect(await findOne(sourceFor(directory, { people }), ADA, never)).toEqual({ kind: 'out-of-scope' });
  });

  test('(a) moved out of the base: out of scope; moved back: in scope with the same id', async () => {
    const source = sourceFor(directory);
    await directory.rename(`uid=ada,${PEOPLE}`, `uid=ada,${FORMER}`);
    expect(await findOne(source, ADA, never)).toEqual({ kind: 'out-of-scope' });
    await directory.rename(`uid=ada,${FORMER}`, `uid=ada,${PEOPLE}`);
    expect(await findOne(source, ADA, never)).toMatchObject({ kind: 'in-scope', entry: { stableId: ADA } });
  });

  test('(b) deleted: gone', async () => {
    await directory.remove(`uid=bea,${PEOPLE}`);
    expect(await findOne(sourceFor(directory), uuid(2) as StableId, never)).toEqual({ kind: 'gone' });
  });

  test('(c) no answer in time: cannot tell', async () => {
    const source = sourceFor(directory, { urls: [`ldap://127.0.0.1:${proxy.port}`], timeoutMs: 300 });
    proxy.faultAfter(20, 'silence');
    await expect(findOne(source, uuid(2) as StableId, never)).rejects.toThrow(SourceUnavailable);
  });

  test('(c) the connection is lost between the two questions: cannot tell', async () => {
    const source = sourceFor(directory, { urls: [`ldap://127.0.0.1:${proxy.port}`] });
    const before = { answered: proxy.answered(), accepted: proxy.accepted() };
    expect(await findOne(source, uuid(404) as StableId, never)).toEqual({ kind: 'gone' });
    // One bind answer of 14 bytes and two equal answers that say "nobody".
    const nobody = (proxy.answered() - before.answered - 14) / 2;
    for (const fault of ['half-close', 'reset', 'silence'] as const) {
      proxy.faultAfter(14 + nobody, fault);
      const asked = sourceFor(directory, { urls: [`ldap://127.0.0.1:${proxy.port}`], timeoutMs: 1_000 });
      await expect(findOne(asked, uuid(404) as StableId, never)).rejects.toThrow(SourceUnavailable);
    }
    expect(proxy.accepted()).toBe(before.accepted + 4);
  });

  test('many are asked for over one connection, each with an answer of their own', async () => {
    const source = sourceFor(directory, { urls: [`ldap://127.0.0.1:${proxy.port}`] });
    const before = proxy.accepted();
    const asked = [uuid(404), 'E1042', ADA, uuid(405)] as StableId[];
    const answers: [StableId, Found['kind']][] = [];
    for await (const [id, found] of source.find(asked, never)) answers.push([id, found.kind]);
    expect(answers).toEqual([
      [uuid(404), 'gone'],
      ['E1042', 'cannot-tell'],
      [ADA, 'in-scope'],
      [uuid(405), 'gone'],
    ]);
    expect(proxy.accepted()).toBe(before + 1);
  });

  test('an id that is no entryUUID cannot be told, although the server would answer "nobody"', async () => {
    await expect(findOne(sourceFor(directory), 'E1042' as StableId, never)).rejects.toThrow(
      'source corp: "E1042" is not an entryUUID, so it cannot be looked up here',
    );
  });
});
