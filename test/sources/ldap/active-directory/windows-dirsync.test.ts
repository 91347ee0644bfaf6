/** DirSync as Windows' domain controllers do it and Samba does not, on scripted servers. */
import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnavailable } from '../../../../app/errors.ts';
import type { Watermark } from '../../../../app/sources/source.ts';
import { done, type Saying } from '../../../support/ldap-peer/answers.ts';
import { integer, octets, sequence } from '../../../support/ldap-peer/encoding.ts';
import type { SearchReceived } from '../../../support/ldap-peer/requests.ts';
import { tell } from './reading.ts';
import {
  ADA,
  BEA,
  DIRSYNC,
  entryOf,
  idOf,
  type Node,
  sourceAt,
  startWindows,
  stopWindows,
  windows,
} from './windows-domain.ts';

afterEach(stopWindows);

describe('DirSync', () => {
  const control = (more: number, cookie: string) => ({
    oid: DIRSYNC,
    value: sequence(integer(more), integer(0), octets(cookie)),
  });
  const sayNode = (node: Node): Saying => {
    const { dn, attributes } = entryOf(node);
    return { say: 'entry', dn, attributes, controls: [] };
  };
  const end = (cookie: string, more = 0) => done({ controls: [control(more, cookie)] });
  const wishOf = ({ controls }: SearchReceived) =>
    controls.find(({ oid }) => oid === DIRSYNC)?.value?.toString('hex') ?? '';
  const cookieHex = (cookie: string) => Buffer.from(cookie).toString('hex');
  const flagsOf = (request: SearchReceived) => wishOf(request).slice(8, 16);
  const AUTO = { tracking: 'auto' } as const;

  test('an answer in parts is followed to its end before anybody is read', async () => {
    const parts: Record<string, readonly Saying[]> = {
      '': [sayNode(ADA), end('a', 1)],
      a: [end('b', 1)],
      b: [sayNode(BEA), end('c')],
      c: [sayNode({ ...BEA, deleted: true }), end('d', 1)],
      d: [sayNode(ADA), end('e')],
    };
    const dirsync = (request: SearchReceived) => {
      const cookie = Object.keys(parts).find((key) => key !== '' && wishOf(request).endsWith(cookieHex(key)));
      return parts[cookie ?? ''] ?? [];
    };
    const peer = await startWindows({ nodes: [ADA, BEA], dirsync });
    const source = sourceAt([peer], AUTO);
    const first = await tell(source, null);
    expect(first.end).toMatchObject({ tracking: 'dirsync', names: 'everyone', complete: true, notices: [] });
    expect(first.end.watermark).toContain(Buffer.from('c').toString('base64'));
    peer.become(windows({ nodes: [ADA], dirsync }));
    const second = await tell(source, first.end.watermark);
    expect(Object.keys(second.people)).toEqual(['ada']);
    expect(second.absent).toEqual([idOf('bea')]);
    expect(second.end.watermark).toContain(Buffer.from('e').toString('base64'));
  });

  test.each<[string, readonly Saying[], string]>([
    ['does not go on', [sayNode(ADA), end('same', 1)], 'the connection was lost'],
    [
      'ends in what is none',
      [done({ controls: [{ oid: DIRSYNC, value: Buffer.from('3055', 'hex') }] })],
      'what answers there does not speak LDAP as it should',
    ],
  ])('an answer that %s breaks the read, and does not hang', async (_, answer, words) => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => answer });
    await expect(tell(sourceAt([peer], AUTO), null)).rejects.toThrow(
      new SourceUnavailable(`${peer.url}: ${words}`),
    );
  });

  test('by the right to replicate deletions show, whatever else the account may see', async () => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [end('a')], seesDeleted: false });
    const told = await tell(sourceAt([peer], AUTO), null);
    expect(told.end).toMatchObject({ tracking: 'dirsync', notices: [] });
  });

  test('without that right: uSNChanged, or own rights where DirSync was chosen by name', async () => {
    const seen: string[] = [];
    const dirsync = (request: SearchReceived) => {
      seen.push(flagsOf(request));
      return [flagsOf(request) === '80000001' ? end('a') : done({ code: 50 })];
    };
    const peer = await startWindows({ nodes: [ADA], dirsync, seesDeleted: false });
    const auto = await tell(sourceAt([peer], AUTO), null);
    expect(auto.end.tracking).toBe('usn-changed');
    expect(auto.end.notices[0]).toContain('Replicating Directory Changes');
    const chosen = await tell(sourceAt([peer], { tracking: 'dirsync' }), null);
    expect(chosen.end).toMatchObject({ tracking: 'dirsync', complete: true });
    expect(chosen.end.notices[0]).toContain('may not see what was deleted');
    expect(seen).toEqual(['80000000', '80000000', '80000001']);
  });

  test.each([12, 53])('refused with %i: uSNChanged, and it says so', async (code) => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [done({ code })] });
    const told = await tell(sourceAt([peer], AUTO), null);
    expect(told.end).toMatchObject({ tracking: 'usn-changed', complete: true });
    expect(told.end.notices[0]).toMatch(/^not read by dirsync: /);
  });

  test('an end without a cookie is no end to go on from', async () => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [done()] });
    expect((await tell(sourceAt([peer], AUTO), null)).end.tracking).toBe('usn-changed');
  });

  test('a server that is busy for a moment is not one that refuses', async () => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [done({ code: 51 })] });
    await expect(tell(sourceAt([peer], AUTO), null)).rejects.toThrow(SourceUnavailable);
  });

  test('a server that never comes to an end is left', async () => {
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [end('a', 1)] });
    await expect(tell(sourceAt([peer], AUTO), null)).rejects.toThrow(SourceUnavailable);
  });

  test('more changes than can be asked for one by one: everybody is read', async () => {
    const many = Array.from({ length: 5_001 }, (_, number) => sayNode({ name: `p${number}`, usn: 1n }));
    const peer = await startWindows({ nodes: [ADA], dirsync: () => [...many, end('b')] });
    const mark = { v: 2, tracking: 'dirsync', mark: { cookie: 'YQ==' } };
    const told = await tell(sourceAt([peer], AUTO), JSON.stringify(mark) as Watermark);
    expect(told.end).toMatchObject({
      names: 'everyone',
      notices: ['everybody was read: more than 5000 entries were changed'],
    });
  });
});
