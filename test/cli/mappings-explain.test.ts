import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type MappingsExplainCommand, mappingsExplainCommand } from '../../app/cli/mappings-explain.ts';
import { createLogger } from '../../app/signals/log.ts';
import { planningWorld, type World } from './planning-world.ts';

async function run(world: World, more: Partial<MappingsExplainCommand>) {
  const lines: string[] = [];
  await mappingsExplainCommand({
    file: join(world.folder, 'landbridge.yaml'),
    env: { ...process.env, SCIM_PASSWORD: 'x', SCIM_TOKEN: 'x', REDIS_URL: world.redisUrl },
    log: createLogger({ level: 'error', name: 'test' }),
    person: { known: 'bea@example.test' },
    target: null,
    at: new Date('2026-03-01T12:00:00Z'),
    json: false,
    write: (text) => void lines.push(text),
    now: () => new Date(),
    ...more,
  });
  return lines.join('\n');
}

const ATTRIBUTES = `  externalId: '= id'
  userName: '= e.mail'
  title: { from: title }
  nickName: { value: '= e.pin', sensitive: true }
  active: true
`;

test('somebody whom Redis knows is explained, by any of their names, with what is sensitive masked', async () => {
  const world = await planningWorld({}, { attributes: ATTRIBUTES });
  world.people([{ id: 'b', mail: 'bea@example.test', pin: 'canary-4711' }]);
  await world.plan({ fresh: true });
  const text = await run(world, {});
  expect(text.split('\n').slice(0, 12)).toEqual([
    'hr:b at crm, by mapping.yaml, at 2026-03-01T12:00:00.000Z',
    'in scope',
    '',
    'externalId: "b"',
    '  mapping.yaml:8:15  = id',
    '    gives "b"',
    '',
    'userName: "bea@example.test"',
    '  mapping.yaml:9:13  = e.mail',
    '    mail: "bea@example.test"',
    '    gives "bea@example.test"',
    '',
  ]);
  expect(text).toContain('left out, since it comes out blank: the person has no title');
  expect(text).toContain('nickName: "[redacted]"');
  expect(text).toContain('kept by sensitive: true');
  expect(text).not.toContain('canary');
  const json = JSON.parse(await run(world, { person: { known: 'hr:b' }, json: true }));
  expect(json).toMatchObject({ explanations: [{ person: 'hr:b', target: 'crm', waitsFor: [] }] });
  await expect(run(world, { person: { known: 'nobody' } })).rejects.toThrow('Nobody is known as nobody.');
  await expect(run(world, { target: 'other' })).rejects.toThrow(
    'No mapping leads from hr to other. Known: crm.',
  );
});

test('a mapping whose tests fail is explained all the same', async () => {
  const failing =
    'tests: [{ name: x, person: { id: 1, attributes: { mail: a@example.test } }, outOfScope: true }]\n';
  const world = await planningWorld({}, { attributes: ATTRIBUTES });
  world.people([{ id: 'b', mail: 'bea@example.test' }]);
  await world.plan({ fresh: true });
  world.write({ attributes: ATTRIBUTES, more: failing });
  await expect(world.plan()).rejects.toThrow('outOfScope is expected, and an account comes out.');
  expect(await run(world, {})).toContain(
    'title: left out\n  mapping.yaml:11:18  from: title\n    title: nothing\n    gives nothing',
  );
});

test('a person in a file is explained without Redis', async () => {
  const world = await planningWorld({}, { attributes: ATTRIBUTES });
  const path = join(world.folder, 'bea.yaml');
  writeFileSync(path, 'id: 4711\nattributes: { mail: bea@example.test, title: [Dr] }\n');
  const text = await run(world, { person: { file: path }, env: { SCIM_PASSWORD: 'x', SCIM_TOKEN: 'x' } });
  expect(text).toContain('title: "Dr"');
  writeFileSync(path, 'id: 4711\nattribute: {}\n');
  await expect(run(world, { person: { file: path } })).rejects.toThrow(
    `${path}:2:1 attribute: unknown key. Did you mean "attributes"?`,
  );
});
