/** A value that the mapping calls sensitive: it reaches the target, and nobody else is shown it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Refused } from '../../app/errors.ts';
import { loadMapping } from '../../app/mapping/index.ts';
import { personKey, type StableId } from '../../app/person/anchor.ts';
import { hiddenAttributes } from '../../app/sync/hidden-attributes.ts';
import { redisContents } from '../support/redis-contents.ts';
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
  nickName: { value: '= e.badge.upper()', sensitive: true }
  title: '= e.title'
`;

function mapping() {
  const loaded = loadMapping('mappings/test.yaml', TEXT);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}

let bundle: Bundle;
beforeAll(async () => {
  bundle = await startBundle({ mappings: [mapping()] });
});
beforeEach(async () => {
  await bundle.redis.flushall();
  bundle.target.accounts.clear();
  bundle.target.failure = null;
  bundle.log.length = 0;
});
afterAll(() => bundle.stop());

const again = async (attributes: Record<string, string>) => {
  await know(bundle, 'a1', { mail: 'ada@example.test', ...attributes });
  await bundle.post('/v1/reprovision', { person: { id: 'corp:a1' } });
  await bundle.work();
};
/** What stands in Redis, but for where the values are needed: people as the source has them, links, intents. */
async function keptElsewhere(): Promise<string> {
  const { text } = await redisContents(bundle.redis);
  const needed = ['people', 'links', 'intent'].map((name) => `{landbridge}:${name}`);
  return text
    .split('\n')
    .filter((line) => !needed.some((name) => line.startsWith(name)))
    .join('\n');
}
const shown = async () => {
  const [person, letters, preview] = await Promise.all([
    bundle.get('/v1/people/corp:a1'),
    bundle.get('/v1/dead-letters'),
    bundle.post('/v1/reprovision', { person: { id: 'corp:a1' }, dryRun: true }),
  ]);
  return { person, all: [person.text, letters.text, preview.text].join('\n') };
};

test('is sent, and is in no log line, no plan or record that is kept, and no answer', async () => {
  await again({ badge: 'canary-one', title: 'Engineer' });
  expect([...bundle.target.accounts.values()]).toMatchObject([{ nickName: 'CANARY-ONE', title: 'Engineer' }]);
  await again({ badge: 'canary-two', title: 'Countess' });
  expect([...bundle.target.accounts.values()]).toMatchObject([{ nickName: 'CANARY-TWO' }]);
  const { person, all } = await shown();
  expect(person.body.entry.attributes).toMatchObject({ badge: ['[redacted]'], title: ['Countess'] });
  expect(person.body.targets[0].lastPlan.differences).toEqual([
    { path: 'nickName', before: '[redacted]', after: '[redacted]' },
    { path: 'title', before: 'Engineer', after: 'Countess' },
  ]);
  expect(person.body.log[0].changes).toEqual([
    { path: 'nickName', before: '[redacted]', after: '[redacted]' },
    { path: 'title', before: 'Engineer', after: 'Countess' },
  ]);
  expect(all.toLowerCase()).not.toContain('canary');
  expect(bundle.log.join('\n').toLowerCase()).not.toContain('canary');
  expect((await keptElsewhere()).toLowerCase()).not.toContain('canary');
});

test('is taken out of the words of a target that quotes it', async () => {
  await again({ badge: 'canary-one' });
  bundle.target.failure = new Refused(
    400,
    'nickName "CANARY-TWO" is not allowed, use another than CANARY-ONE',
  );
  await again({ badge: 'canary-two' });
  const letters = await bundle.get('/v1/dead-letters');
  expect(letters.body.items[0].words).toBe(
    'nickName "[redacted]" is not allowed, use another than [redacted]',
  );
  bundle.target.failure = null;
  expect((await shown()).all.toLowerCase()).not.toContain('canary');
  expect(bundle.log.join('\n').toLowerCase()).not.toContain('canary');
  expect((await keptElsewhere()).toLowerCase()).not.toContain('canary');
});

test('nor is it shown as a name or number of theirs, in their own record or one that is joined to it', async () => {
  const text = TEXT.replace('= e.badge.upper()', '= e.employeeID + e.sn + e.sAMAccountName');
  const one = loadMapping('mappings/one.yaml', text);
  const joined = loadMapping(
    'mappings/joined.yaml',
    TEXT.replace('source: corp', 'source: elsewhere\njoin: { corp: { on: badge, to: id } }'),
  );
  if (!one.ok || !joined.ok) throw new Error(JSON.stringify([one, joined]));
  const attributes = {
    mail: 'ada@example.test',
    employeeID: 'canary-1',
    sn: 'Canary',
    sAMAccountName: 'canary',
    badge: 'canary-2',
  };
  const hidden = hiddenAttributes('corp', [one.mapping, joined.mapping]);
  expect([...hidden].sort()).toEqual(['badge', 'employeeid', 'samaccountname', 'sn']);
  const other = await startBundle({ mappings: [one.mapping, joined.mapping] });
  try {
    await know(other, 'a1', attributes);
    await other.deps.holds.put('run-1', [{ key: personKey('corp', 'a1' as StableId), target: 'agileplace' }]);
    const [person, holds] = await Promise.all([other.get('/v1/people/corp:a1'), other.get('/v1/holds')]);
    expect(person.body.anchors.map(({ kind }: { kind: string }) => kind)).not.toContain('employeeNumber');
    expect(`${person.text}${holds.text}`.toLowerCase()).not.toContain('canary');
  } finally {
    await other.stop();
  }
});
