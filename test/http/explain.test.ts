import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadMapping } from '../../app/mapping/index.ts';
import { type Bundle, know, startBundle } from './bundle.ts';

const TEXT = `version: 1
source: corp
target: agileplace
resource: User
match: [externalId, userName]
attributes:
  externalId: '= id'
  userName: '= e.mail'
  active: true
  nickName: { value: '= e.badge', sensitive: true }
  title: '= e.title'
`;

let bundle: Bundle;
beforeAll(async () => {
  const loaded = loadMapping('mappings/test.yaml', TEXT);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { mapping } = loaded;
  bundle = await startBundle({
    mappings: [mapping],
    explain: async (identity, now) => [mapping.explain(identity, now)],
  });
  await know(bundle, 'a1', { mail: 'ada@example.test', badge: 'canary-17' });
});
afterAll(() => bundle.stop());

test('a caller sees how an account comes about, and nothing that is sensitive', async () => {
  const answer = await bundle.get('/v1/people/a1/explain');
  expect(answer.status).toBe(200);
  expect(answer.body.explanations).toMatchObject([
    {
      person: 'corp:a1',
      target: 'agileplace',
      outcome: 'in-scope',
      at: '2026-03-01T12:00:00.000Z',
      waitsFor: [],
      attributes: [
        { path: 'externalId', value: 'a1' },
        {
          path: 'userName',
          value: 'ada@example.test',
          from: [
            {
              where: 'mappings/test.yaml:8:13',
              written: '= e.mail',
              reads: [{ attribute: 'mail', values: ['ada@example.test'] }],
              vars: [],
              result: 'ada@example.test',
            },
          ],
        },
        { path: 'active', value: true, from: [] },
        { path: 'nickName', value: '[redacted]', policy: { sensitive: true } },
        {
          path: 'title',
          value: null,
          notes: ['left out, since it comes out blank: the person has no title'],
        },
      ],
    },
  ]);
  expect(answer.text).not.toContain('canary');
});

test('one target can be asked for; another that nobody leads to is 404, as is somebody who is not known', async () => {
  expect((await bundle.get('/v1/people/corp:a1/explain?target=agileplace')).status).toBe(200);
  expect((await bundle.get('/v1/people/corp:a1/explain?target=other')).status).toBe(404);
  expect((await bundle.get('/v1/people/nobody/explain')).status).toBe(404);
  expect((await bundle.get('/v1/people/a1/explain', 'lb_sender-0000')).status).toBe(403);
});
