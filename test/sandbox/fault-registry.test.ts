/**
 * Chance, by numbers of the test's own.
 */
import { expect, test } from 'vitest';
import { faultSchema, type Occasion } from '../../sandbox/scim-target/fault.ts';
import { FaultRegistry } from '../../sandbox/scim-target/fault-registry.ts';

const READ: Occasion = { method: 'GET', path: '/io/scim/v1/Users', asks: 'list', subjects: [] };

test('a fault with a probability strikes where chance falls below it, and counts only then', () => {
  const draws = [0.2, 0.3, 0.29, 0.9, 0];
  const faults = new FaultRegistry(() => draws.shift() ?? 1);
  faults.add(faultSchema.parse({ kind: 'status', probability: 0.3, count: 2 }));
  const struck = [1, 2, 3, 4, 5].map(() => faults.strike(READ).length);
  expect(struck).toEqual([1, 0, 1, 0, 0]);
  expect(faults.list()[0]?.struck).toBe(2);
});
