import { expect, test } from 'vitest';
import { durationOf } from '../../../app/sync/planning/duration.ts';

const requests = new Map([
  ['GET', 300],
  ['POST', 60],
]);

test('the limit that takes longest counts, each for the requests that fall under it', () => {
  const writes = { perMinute: 30, methods: ['POST', 'PATCH'], from: 'as its vendor documents' };
  const reads = { perMinute: 300, methods: ['GET'], from: 'as its vendor documents' };
  expect(durationOf(requests, [reads, writes])).toEqual({
    seconds: 120,
    limit: '30 POST, PATCH a minute, as its vendor documents',
  });
  const own = { perMinute: 100, methods: null, from: 'as landbridge.yaml says' };
  expect(durationOf(requests, [writes, own])).toEqual({
    seconds: 216,
    limit: '100 requests a minute, as landbridge.yaml says',
  });
});

test('without a limit nobody can say', () => {
  expect(durationOf(requests, [])).toEqual({ seconds: null, limit: 'no limit is known' });
});
