/** What Windows' domain controllers do and Samba does not: numbers, pages and references, on scripted servers. */
import { afterEach, describe, expect, test } from 'vitest';
import { done } from '../../../support/ldap-peer/answers.ts';
import { ROOT_DSE } from '../../../support/ldap-peer/habits.ts';
import type { Received } from '../../../support/ldap-peer/requests.ts';
import { startLdapPeer } from '../../../support/ldap-peer.ts';
import { tell } from './reading.ts';
import {
  ADA,
  BEA,
  DOMAIN,
  idOf,
  type Node,
  SHOW_DELETED,
  sourceAt,
  startWindows,
  stopWindows,
  windows,
} from './windows-domain.ts';

afterEach(stopWindows);

const bounds = (received: readonly Received[]) =>
  received.flatMap((request) =>
    request.kind === 'search' ? (/usnchanged>=(\d+)/i.exec(request.filterText)?.[1] ?? []) : [],
  );

describe('uSNChanged', () => {
  test('numbers of more than 53 bits are exact', async () => {
    const peer = await startWindows({ nodes: [ADA], committed: '9007199254740993' });
    const source = sourceAt([peer]);
    const first = await tell(source, null);
    peer.become(windows({ nodes: [{ ...ADA, usn: 9007199254740994n }], committed: '9007199254740994' }));
    const second = await tell(source, first.end.watermark);
    expect(Object.keys(second.people)).toEqual(['ada']);
    expect(bounds(peer.received)).toEqual(['9007199254740994', '9007199254740994']);
  });

  test('a controller that was restored has a new database: everybody is read', async () => {
    const peer = await startWindows({ nodes: [ADA, BEA] });
    const source = sourceAt([peer]);
    const first = await tell(source, null);
    expect((await tell(source, first.end.watermark)).end.names).toBe('changes');
    peer.become(windows({ nodes: [ADA, BEA], invocation: 'database-2' }));
    const restored = await tell(source, first.end.watermark);
    expect(restored.end).toMatchObject({ names: 'everyone', complete: true });
    expect(Object.keys(restored.people)).toEqual(['ada', 'bea']);
  });

  test('another controller takes over, and the first goes on from where it was', async () => {
    const first = await startWindows({ nodes: [ADA, BEA], committed: '100' });
    const second = await startWindows({
      nodes: [ADA, BEA],
      committed: '7',
      controller: 'DC2',
      invocation: 'database-of-dc2',
    });
    const atFirst = await tell(sourceAt([first]), null);
    const atSecond = await tell(sourceAt([second]), atFirst.end.watermark);
    expect(atSecond.end.names).toBe('everyone');
    const back = await tell(sourceAt([first]), atSecond.end.watermark);
    expect(back.end).toMatchObject({ names: 'changes', notices: [] });
    expect(bounds(first.received)).toEqual(['101', '101']);
    const again = await tell(sourceAt([second]), back.end.watermark);
    expect(again.end.names).toBe('changes');
    expect(bounds(second.received)).toEqual(['8', '8']);
  });

  test('where the id of the database does not show, the controller goes by its name', async () => {
    const peer = await startWindows({ nodes: [ADA], invocation: null });
    const first = await tell(sourceAt([peer]), null);
    expect(first.end.watermark).toContain('cn=ntds settings,cn=dc1');
    expect((await tell(sourceAt([peer]), first.end.watermark)).end.names).toBe('changes');
  });

  test('an account that may not see deleted objects is told so, and hears of moves all the same', async () => {
    const peer = await startWindows({ nodes: [ADA, BEA], seesDeleted: false });
    const source = sourceAt([peer]);
    const first = await tell(source, null);
    const nodes: Node[] = [
      { ...ADA, usn: 101n, deleted: true },
      { ...BEA, usn: 102n, parent: `OU=Former,${DOMAIN}` },
    ];
    peer.become(windows({ nodes, committed: '102', seesDeleted: false }));
    const blind = await tell(source, first.end.watermark);
    expect(blind.absent).toEqual([idOf('bea')]);
    expect(blind.end.notices).toEqual([
      'reader@example.test may not see what was deleted, so deletions show at the next read of everybody only; ' +
        `let it list and read CN=Deleted Objects,${DOMAIN}`,
    ]);
    peer.become(windows({ nodes, committed: '102' }));
    const seeing = await tell(source, first.end.watermark);
    expect(seeing).toMatchObject({
      absent: [idOf('ada'), idOf('bea')],
      end: { complete: true, notices: [] },
    });
  });

  test.each([12, 53])(
    'where deleted objects are refused with %i, the read goes on without them',
    async (code) => {
      const peer = await startWindows({ nodes: [ADA, BEA] });
      const source = sourceAt([peer]);
      const first = await tell(source, null);
      const nodes = [ADA, { ...BEA, usn: 101n }];
      peer.become(windows({ nodes, committed: '101', refuses: { [SHOW_DELETED]: code } }));
      const told = await tell(source, first.end.watermark);
      expect(Object.keys(told.people)).toEqual(['bea']);
      expect(told.end).toMatchObject({ complete: true, names: 'changes' });
      expect(told.end.notices).toHaveLength(1);
    },
  );

  test('an answer that is cut short concludes nothing, and the watermark stays', async () => {
    const peer = await startWindows({ nodes: [ADA, BEA] });
    const source = sourceAt([peer]);
    const first = await tell(source, null);
    const nodes = [
      { ...ADA, usn: 101n, parent: `OU=Former,${DOMAIN}` },
      { ...BEA, usn: 102n },
    ];
    const habits = { atPage: { 0: [done({ code: 4 })] } };
    peer.become(windows({ nodes, committed: '102', habits }));
    const told = await tell(source, first.end.watermark);
    expect(told).toMatchObject({ absent: [], end: { complete: false, watermark: first.end.watermark } });
  });

  test('a server that does not number its changes is not followed so', async () => {
    const peer = await startLdapPeer({ rootDse: { ...ROOT_DSE.windows, highestCommittedUSN: 'none' } });
    await expect(tell(sourceAt([peer]), null)).rejects.toThrow('highestCommittedUSN');
    await peer.stop();
  });
});

describe('pages and references', () => {
  test('no page is longer than 1,000, whatever is asked for', async () => {
    const nodes = Array.from({ length: 2_500 }, (_, number) => ({ name: `p${number}`, usn: 5n }));
    const peer = await startWindows({ nodes, habits: { most: 1_000, emptyPages: [1] } });
    const told = await tell(sourceAt([peer], { pageSize: 2_000 }), null);
    expect(Object.keys(told.people)).toHaveLength(2_500);
    expect(told.end.complete).toBe(true);
  });

  test.each([
    `ldap://example.test/CN=Configuration,${DOMAIN}`,
    `ldaps://example.test/CN=Schema,CN=Configuration,${DOMAIN}`,
    `ldap://DomainDnsZones.example.test/DC=DomainDnsZones,${DOMAIN}`,
    `ldap://ForestDnsZones.example.test/dc=forestdnszones,dc=EXAMPLE,dc=test??sub`,
    `ldap://example.test/CN%3DConfiguration,${DOMAIN}`,
  ])('a reference to a part that holds nobody is none: %s', async (url) => {
    const peer = await startWindows({ nodes: [ADA], references: [url] });
    const told = await tell(sourceAt([peer]), null);
    expect(told.end).toMatchObject({ complete: true, problems: [] });
  });

  test.each([
    `ldap://sales.example.test/DC=sales,${DOMAIN}`,
    'ldap://example.test/',
    'ldap://example.test/CN=%ZZ',
    'not a url',
  ])(
    'a reference that leads to a domain, or nobody knows where, makes the read incomplete: %s',
    async (url) => {
      const peer = await startWindows({ nodes: [ADA], references: [url] });
      const told = await tell(sourceAt([peer]), null);
      expect(told.end.complete).toBe(false);
      expect(told.end.problems.join()).toContain('held by another server');
    },
  );
});
