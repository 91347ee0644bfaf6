import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, type Reply, readAnswer } from '../../../app/scim/wire/answer.ts';

function reply(status: number, type: string, text: string, more: Partial<Reply> = {}): Reply {
  return { status, headers: type === '' ? {} : { 'content-type': type }, text, cut: false, ...more };
}

const JSON_TYPE = 'application/json';
const PAGE = '<!DOCTYPE html><html><head><title>Bad  gateway</title></head><body>x</body></html>';

describe('O-13, O-12: what an answer means', () => {
  test.each<[string, Reply, Answer]>([
    [
      'O-13 a: 200 with an error of code 400',
      reply(200, JSON_TYPE, '{"Errors":[{"description":"bad mail","code":"400"}]}'),
      { kind: 'refused', status: 400, words: 'bad mail' },
    ],
    [
      'O-13 b: 201 with an error of code 503, a number',
      reply(201, JSON_TYPE, '{"Errors":[{"description":"busy","code":503}]}'),
      { kind: 'unavailable', status: 503, declined: true, words: 'busy' },
    ],
    [
      '500 with the words of the service itself',
      reply(500, JSON_TYPE, '{"Errors":[{"description":"no such user","code":500}]}'),
      { kind: 'unavailable', status: 500, declined: false, words: 'no such user' },
    ],
    [
      '502 with JSON of somebody else',
      reply(502, JSON_TYPE, '{"message":"no upstream"}'),
      { kind: 'unavailable', status: 502, declined: false },
    ],
    ['O-13 c: 204', reply(204, '', ''), { kind: 'empty', status: 204 }],
    ['O-13 c: 204 whose body would not parse', reply(204, JSON_TYPE, '{'), { kind: 'empty', status: 204 }],
    [
      'O-13 d: 404 with a numeric code',
      reply(404, JSON_TYPE, '{"Errors":[{"description":"gone","code":404}]}'),
      { kind: 'missing', status: 404, words: 'gone' },
    ],
    [
      'O-13 d: the HTTP status decides, not the code in the body',
      reply(404, JSON_TYPE, '{"Errors":[{"description":"gone","code":500}]}'),
      { kind: 'missing', status: 404, words: 'gone' },
    ],
    [
      'O-13 e: Errors as an object',
      reply(400, JSON_TYPE, '{"Errors":{"description":"x","code":"400"}}'),
      { kind: 'refused', status: 400, words: 'x' },
    ],
    [
      'O-13 f: the SCIM 2.0 shape',
      reply(
        400,
        '',
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"x"}',
      ),
      { kind: 'refused', status: 400, words: 'x' },
    ],
    [
      'the SCIM 2.0 shape under 200',
      reply(
        200,
        '',
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","detail":"x"}',
      ),
      { kind: 'conflict', status: 409, words: 'x' },
    ],
    [
      'O-13 g: a wrapped detail',
      reply(400, '', '{"response":{"detail":"x"}}'),
      { kind: 'refused', status: 400, words: 'x' },
    ],
    ['O-13 g: a text', reply(400, '', '"nope"'), { kind: 'refused', status: 400, words: 'nope' }],
    [
      'O-13 g: a number',
      reply(400, '', '42'),
      { kind: 'refused', status: 400, words: 'no explanation was given' },
    ],
    [
      'O-13 g: null',
      reply(400, '', 'null'),
      { kind: 'refused', status: 400, words: 'no explanation was given' },
    ],
    [
      'O-13 g: a list',
      reply(400, '', '[]'),
      { kind: 'refused', status: 400, words: 'no explanation was given' },
    ],
    ['O-13 g: half of JSON', reply(400, '', '{'), { kind: 'refused', status: 400, words: '{' }],
    [
      'O-13 h: 502 with a page',
      reply(502, 'text/html', PAGE),
      { kind: 'unavailable', status: 502, declined: false },
    ],
    ['O-13 i: 500 without a body', reply(500, '', ''), { kind: 'unavailable', status: 500, declined: false }],
    ['O-13 j: 429 as text', reply(429, 'text/plain', 'slow down'), { kind: 'limited', status: 429 }],
    [
      'O-13 k: 200 with a sign-in page',
      reply(200, 'text/html; charset=utf-8', PAGE),
      { kind: 'alien', status: 200 },
    ],
    ['204 that calls its nothing a page', reply(204, 'text/html', ''), { kind: 'empty', status: 204 }],
    ['O-13 k: the page without a content type', reply(200, '', ` \n${PAGE}`), { kind: 'alien', status: 200 }],
    [
      'O-13 l: an unusual content type',
      reply(201, 'application/json+scim', '{"id":"t-3"}'),
      { kind: 'resource', status: 201, body: { id: 't-3' } },
    ],
    [
      'JSON that is called a page',
      reply(200, 'text/html', '{"id":"1"}'),
      { kind: 'resource', status: 200, body: { id: '1' } },
    ],
    [
      'O-13 m: 201 cut off at the cap',
      reply(201, JSON_TYPE, '{"id":"t-3"', { cut: true }),
      { kind: 'unreadable', status: 201 },
    ],
    [
      'O-13 m: 404 cut off at the cap',
      reply(404, JSON_TYPE, 'xxx', { cut: true }),
      { kind: 'alien', status: 404 },
    ],
    [
      'O-13 m: 500 cut off at the cap',
      reply(500, '', 'xxx', { cut: true }),
      { kind: 'unavailable', status: 500, declined: false },
    ],
    [
      'O-12 d: 404 without a body',
      reply(404, '', ''),
      { kind: 'missing', status: 404, words: 'no explanation was given' },
    ],
    ['O-12 e: 404 with a page', reply(404, 'text/html', PAGE), { kind: 'alien', status: 404 }],
    ['O-12 e: 404 as plain text', reply(404, 'text/plain', 'Cannot PATCH /'), { kind: 'alien', status: 404 }],
    [
      'an empty list of errors is none',
      reply(200, '', '{"id":"1","Errors":[]}'),
      { kind: 'resource', status: 200, body: { id: '1', Errors: [] } },
    ],
    [
      'an error without a code under 200',
      reply(200, '', '{"Errors":[{"description":"x"}]}'),
      { kind: 'refused', status: 400, words: 'x' },
    ],
    [
      '200 with a list instead of an object',
      reply(200, '', '[1]'),
      { kind: 'unreadable', status: 200, list: [1] },
    ],
    ['200 with a text instead of an object', reply(200, '', '"x"'), { kind: 'unreadable', status: 200 }],
    ['200 without a body', reply(200, JSON_TYPE, ' '), { kind: 'empty', status: 200 }],
    ['401', reply(401, '', ''), { kind: 'unauthorized', status: 401, words: 'no explanation was given' }],
    ['403', reply(403, '', '{"message":"no"}'), { kind: 'forbidden', status: 403, words: 'no' }],
    ['501', reply(501, '', ''), { kind: 'unsupported', status: 501, words: 'no explanation was given' }],
    ['405', reply(405, '', ''), { kind: 'unsupported', status: 405, words: 'no explanation was given' }],
    ['408', reply(408, '', ''), { kind: 'unavailable', status: 408, declined: false }],
    ['422', reply(422, '', '{"error":{"message":"x"}}'), { kind: 'refused', status: 422, words: 'x' }],
    [
      '409',
      reply(409, '', '{"Errors":["taken","twice"]}'),
      { kind: 'conflict', status: 409, words: 'taken; twice' },
    ],
    ['503 of a proxy', reply(503, 'text/html', PAGE), { kind: 'unavailable', status: 503, declined: false }],
    [
      '503 with Retry-After',
      reply(503, '', '', { headers: { 'retry-after': '5' } }),
      { kind: 'unavailable', status: 503, declined: true },
    ],
    ['302', reply(302, 'text/html', PAGE), { kind: 'redirect', status: 302 }],
    [
      'an etag',
      reply(200, '', '{"id":"1"}', { headers: { etag: 'W/"7"' } }),
      { kind: 'resource', status: 200, body: { id: '1' }, etag: 'W/"7"' },
    ],
  ])('%s', (_what, given, expected) => {
    expect(readAnswer(given, [])).toEqual(expected);
  });

  test('O-26: hostile names and depths do no harm', () => {
    const hostile = readAnswer(
      reply(200, '', '{"id":"1","__proto__":{"active":false},"constructor":{"x":1}}'),
      [],
    );
    expect(hostile).toEqual({ kind: 'resource', status: 200, body: { id: '1' } });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(readAnswer(reply(200, '', '['.repeat(100_000)), [])).toEqual({ kind: 'unreadable', status: 200 });
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect(readAnswer(reply(200, '', deep), [])).toEqual({ kind: 'unreadable', status: 200 });
  });

  test('no body throws, under any status', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
        expect(readAnswer(reply(status, '', text), ['secret']).status).toBeGreaterThanOrEqual(200);
      }),
    );
  });
});

describe('the words of a server', () => {
  const wordsOf = (text: string, secrets: readonly string[] = [], type = '') => {
    const answer = readAnswer(reply(400, type, text), secrets);
    return 'words' in answer ? answer.words : '';
  };

  test('of a page are its title, on one line', () => {
    expect(wordsOf(PAGE, [], 'text/html')).toBe('Bad gateway');
    expect(wordsOf('<html><body><script>var x = "<";</script><p>Not\nhere</p></body></html>')).toBe(
      'Not here',
    );
  });

  test('have 500 characters at most, and no broken character at the end', () => {
    expect(wordsOf('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
    expect(wordsOf(`${'x'.repeat(498)}😀😀`)).toBe(`${'x'.repeat(498)}…`);
    expect(wordsOf('x'.repeat(500))).toBe('x'.repeat(500));
  });

  test('hold no line breaks or control characters', () => {
    expect(wordsOf('{"Errors":[{"description":"a\\r\\nb\\u0000c\\u2028d"}]}')).toBe('a b c d');
  });

  test('O-27: never quote our secrets, in no encoding, nor half of one at the cut', () => {
    const secret = 'canary "1"/é';
    expect(wordsOf(`got ${secret} here`, [secret])).toBe('got [redacted] here');
    expect(wordsOf(`got ${encodeURIComponent(secret)} here`, [secret])).toBe('got [redacted] here');
    expect(wordsOf(`not json, but ${JSON.stringify(secret)}`, [secret])).toBe('not json, but "[redacted]"');
    expect(wordsOf(JSON.stringify({ detail: secret }), [secret])).toBe('[redacted]');
    expect(wordsOf(`${'x'.repeat(495)}canary-password`, ['canary-password'])).toBe(`${'x'.repeat(495)}[red…`);
    expect(wordsOf(`x${' '.repeat(9_988)}canary-password`, ['canary-password'])).toBe('x [redacted]');
    expect(wordsOf('<html><title>got canary &quot;1&quot;/é</title>', [secret])).toBe('got [redacted]');
    expect(wordsOf('<p>a&amp;b&lt;c&#39;d</p>', ["a&b<c'd"])).toBe('[redacted]');
    expect(wordsOf('ab abc', ['ab', 'abc'])).toBe('[redacted] [redacted]');
  });
});
