/**
 * What has been counted since the installation began, over all processes: one hash, a field for each name with its
 * labels. Labels are few (targets, actions, kinds), so the hash stays small; no person is ever a label.
 */
import type { Store } from './connection.ts';
import type { Count, Counters } from './ports/index.ts';

export function createCounters(store: Store): Counters {
  const counts = store.key('counters');
  return {
    async add(name, labels, by = 1) {
      const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
      await store.redis.hincrbyfloat(counts, JSON.stringify([name, sorted]), by);
    },
    async all() {
      const all = await store.redis.hgetall(counts);
      return Object.entries(all).map(([field, value]): Count => {
        const [name, labels] = JSON.parse(field) as [string, [string, string][]];
        return { name, labels: Object.fromEntries(labels), value: Number(value) };
      });
    },
  };
}
