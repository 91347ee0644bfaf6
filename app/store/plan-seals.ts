/**
 * The key under which plans are sealed: made by chance when it is first needed, and the installation's own from then
 * on. Whoever has a plan file cannot find out by trying what was blanked out of it.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Store } from './connection.ts';
import type { PlanSeals } from './ports/index.ts';

const KEY_BYTES = 32;

export function createPlanSeals({ redis, key }: Store): PlanSeals {
  return {
    async seal() {
      await redis.set(key('plan-seal'), randomBytes(KEY_BYTES).toString('base64url'), 'NX');
      const secret = await redis.get(key('plan-seal'));
      // Anybody could seal with none.
      if (secret === null) throw new Error('the key for plans is gone as soon as it is made');
      return (text) => createHmac('sha256', secret).update(text).digest('base64url');
    },
  };
}
