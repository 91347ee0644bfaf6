import { createHash } from 'node:crypto';
import { appendFile, rename } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CSV, inbox, sourceFor, tell } from './delivered.ts';

const TWO = 'id,sn\n1,Byron\n2,Hopper\n';
const THREE = `${TWO}3,Joan\n`;

describe('a file is read once', () => {
  test('and again when its content changes; what is the same is no news', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'));
    const first = await tell(source);
    const second = await tell(source, first.end.watermark);
    expect(second).toMatchObject({ people: {}, end: { names: 'changes', complete: true, notices: [] } });
    expect(second.end.watermark).toBe(first.end.watermark);

    await box.deliver('people.csv', THREE);
    const third = await tell(source, first.end.watermark);
    expect(Object.keys(third.people)).toEqual(['1', '2', '3']);
    expect(third.end).toMatchObject({ names: 'everyone', complete: true });
  });

  test('and again when it was taken away and came back, or was delivered once more: another one may have been read', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'));
    const { end } = await tell(source);
    await rename(box.at('people.csv'), box.at('kept.csv'));
    await box.deliver('people.csv', 'id,sn\n');
    expect((await tell(source, end.watermark)).end.names).toBe('everyone');
    await rename(box.at('kept.csv'), box.at('people.csv'));
    for (const reader of [source, sourceFor(box.at('people.csv'))]) {
      expect(Object.keys((await tell(reader, end.watermark)).people)).toEqual(['1', '2']);
    }
    await box.deliver('people.csv', TWO);
    expect(Object.keys((await tell(source, end.watermark)).people)).toEqual(['1', '2']);
  });

  test('and whenever everybody is asked for', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'));
    const { end } = await tell(source);
    expect(Object.keys((await tell(source, end.watermark, true)).people)).toEqual(['1', '2']);
  });

  test('and again under other settings, since it says something else then', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const { end } = await tell(sourceFor(box.at('people.csv')));
    const more = sourceFor(box.at('people.csv'), { reads: ['sn', 'id'] });
    expect((await tell(more, end.watermark)).people).toMatchObject({ 1: { id: ['1'], sn: ['Byron'] } });
    const other = sourceFor(box.at('people.csv'), { format: { ...CSV, where: { sn: ['Byron'] } } });
    expect(Object.keys((await tell(other, end.watermark)).people)).toEqual(['1']);
  });

  test('and again where the stored watermark cannot be read', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'));
    const { end } = await tell(source);
    for (const damaged of ['', '{', '{}', 'time-stamps:{}', JSON.stringify({ digest: 1 })]) {
      const read = await tell(source, damaged as typeof end.watermark, false);
      expect([Object.keys(read.people), read.end.names]).toEqual([['1', '2'], 'everyone']);
    }
  });

  test('where it was not complete, its watermark stays, and it is read again by the next sweep, not by each poll', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'));
    const { end } = await tell(source);
    await box.deliver('people.csv', `${THREE}4`);
    const cut = await tell(source, end.watermark);
    expect(Object.keys(cut.people)).toEqual(['1', '2', '3']);
    expect(cut.end).toMatchObject({ complete: false, names: 'everyone', watermark: end.watermark });
    const poll = await tell(source, end.watermark);
    expect(poll.end).toMatchObject({ names: 'changes', watermark: end.watermark });
    expect(poll.end.notices).toEqual([
      'people.csv was read before, and what came of that waits: see the earlier runs',
    ]);
    expect((await tell(source, end.watermark, true)).end.complete).toBe(false);
    await box.deliver('people.csv', `${THREE}4,Ada\n`);
    expect((await tell(source, end.watermark)).end.complete).toBe(true);
  });
});

describe('a file that is still being written is waited for', () => {
  test('while it grows there is no news, and nobody is gone', async () => {
    const box = inbox();
    await box.deliver('people.csv', THREE);
    await box.date('people.csv', '2026-03-01T00:00:00Z');
    let growing = true;
    const source = sourceFor(box.at('people.csv'), {
      settleMs: 5_000,
      // The server writes on while we wait.
      sleep: async () => {
        if (growing) await appendFile(box.at('people.csv'), '2,Hopper\n');
      },
    });
    const { end } = await tell(source);
    await box.write('people.csv', 'id,sn\n1,Byron\n');
    for (const since of [null, end.watermark]) {
      const early = await tell(source, since);
      expect(early.people).toEqual({});
      expect(early.end).toMatchObject({ names: 'changes', complete: true });
      expect(early.end.notices).toEqual([
        'people.csv is still being written; it is read when nobody writes to it any more',
      ]);
    }
    growing = false;
    await box.write('people.csv', TWO);
    expect(Object.keys((await tell(source, end.watermark)).people)).toEqual(['1', '2']);
  });

  test('one that nobody has written to for long enough is read at once, and one from the future after a second look', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const waits: number[] = [];
    const source = sourceFor(box.at('people.csv'), {
      settleMs: 5_000,
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await box.date('people.csv', '2026-03-01T00:00:00Z');
    await tell(source);
    expect(waits).toEqual([]);
    await box.date('people.csv', '2126-03-01T00:00:00Z');
    expect(Object.keys((await tell(source)).people)).toEqual(['1', '2']);
    expect(waits).toEqual([5_000]);
  });

  test('a read that is stopped while it waits says so', async () => {
    const box = inbox();
    await box.deliver('people.csv', TWO);
    const source = sourceFor(box.at('people.csv'), { settleMs: 3_600_000 });
    const stopping = new AbortController();
    const reading = source
      .read({ since: null, everyone: true }, stopping.signal)
      [Symbol.asyncIterator]()
      .next();
    stopping.abort();
    await expect(reading).rejects.toThrow(`source hr: reading ${box.at('people.csv')} was stopped`);
  });
});

describe('a file beside it', () => {
  test('.done: without it, or with the one of the file before, the file is not read', async () => {
    const box = inbox();
    const source = sourceFor(box.at('people.csv'), { companion: 'done' });
    await box.deliver('people.csv', TWO);
    expect((await tell(source)).end.notices).toEqual(['people.csv waits for people.csv.done']);
    await box.write('people.csv.done', '');
    await box.date('people.csv.done', '2026-03-01T00:00:00Z');
    expect((await tell(source)).end).toMatchObject({
      names: 'changes',
      notices: ['people.csv waits for a people.csv.done that is not older than itself'],
    });
    await box.write('people.csv.done', '');
    // It says that the file is whole, so that the last line needs no break.
    await box.deliver('people.csv', TWO.trimEnd());
    await box.write('people.csv.done', '');
    const { people, end } = await tell(source);
    expect([people['2'], end.complete]).toEqual([{ sn: ['Hopper'] }, true]);
  });

  test('.sha256: only the file that it is of is believed', async () => {
    const box = inbox();
    const source = sourceFor(box.at('people.csv'), { companion: 'sha256' });
    const digest = createHash('sha256').update(THREE).digest('hex');
    await box.deliver('people.csv', TWO);
    await box.write('people.csv.sha256', 'none');
    expect((await tell(source)).end.notices).toEqual(['people.csv waits for a SHA-256 in people.csv.sha256']);
    await box.write('people.csv.sha256', `${digest.toUpperCase()}  people.csv\n`);
    const wrong = await tell(source);
    expect(wrong.people).toEqual({});
    expect(wrong.end).toMatchObject({
      complete: false,
      problems: ['people.csv does not have the digest that people.csv.sha256 says'],
    });
    await box.deliver('people.csv', THREE);
    await box.write('people.csv.sha256', `${digest}\n`);
    const right = await tell(source);
    expect([Object.keys(right.people), right.end.complete]).toEqual([['1', '2', '3'], true]);
  });
});

test('a file that grows while it is read is not complete', async () => {
  const box = inbox();
  await box.deliver('people.csv', TWO);
  const source = sourceFor(box.at('people.csv'));
  let end = null;
  for await (const item of source.read({ since: null, everyone: true }, new AbortController().signal)) {
    if (item.kind === 'person') await appendFile(box.at('people.csv'), '3,Joan\n');
    if (item.kind === 'end') end = item;
  }
  expect(end).toMatchObject({ complete: false, problems: ['people.csv was written to while it was read'] });
});

test('a file that is moved over the one that is being read waits for its turn: the old one is read to its end', async () => {
  const box = inbox();
  await box.deliver('people.csv', TWO);
  const source = sourceFor(box.at('people.csv'));
  const ids: string[] = [];
  let end = null;
  for await (const item of source.read({ since: null, everyone: true }, new AbortController().signal)) {
    if (item.kind === 'person') {
      if (ids.length === 0) await box.deliver('people.csv', 'id,sn\n3,Joan\n');
      ids.push(item.entry.stableId);
    }
    if (item.kind === 'end') end = item;
  }
  expect([ids, end?.complete]).toEqual([['1', '2'], true]);
  expect(Object.keys((await tell(source, end?.watermark)).people)).toEqual(['3']);
});

test('many people are read without being kept: the reader sets the pace', async () => {
  const box = inbox();
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index},${'x'.repeat(100)}\n`);
  await box.deliver('people.csv', `id,sn\n${rows.join('')}`);
  const items = sourceFor(box.at('people.csv')).read(
    { since: null, everyone: true },
    new AbortController().signal,
  );
  let people = 0;
  for await (const item of items) {
    if (item.kind === 'person') people += 1;
    if (people === 10) break;
  }
  expect(people).toBe(10);
  const { entries, end } = await tell(sourceFor(box.at('people.csv')));
  expect([entries.length, end.complete]).toEqual([30_000, true]);
});
