import { afterAll, beforeAll, expect, test } from 'vitest';
import { provision } from '../../../app/sync/provisioning/provision.ts';
import { type Rig, startRig } from '../../support/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.stop();
});

test('a worker writes nothing at a target that nobody has looked through yet, and goes on once somebody has', async () => {
  const key = await rig.person('ada');
  const deps = { ...rig.deps, policy: { ...rig.deps.policy, adoption: 'reviewed' as const } };
  const attempt = () => provision({ key, lastAttempt: true }, deps, new AbortController().signal);
  expect(await attempt()).toMatchObject({
    kind: 'paused',
    reason: 'nothing is written at agileplace before somebody has looked: run landbridge adopt agileplace',
  });
  expect(await rig.sandbox.journal()).toEqual([]);
  expect(await rig.stores.due.count('agileplace')).toBe(1);
  await rig.stores.adoptions.accept('agileplace', { hash: 'h', at: rig.now().toISOString(), actor: 'ops' });
  expect(await attempt()).toMatchObject({ kind: 'done', plan: { action: 'create' } });
});
