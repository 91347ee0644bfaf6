/** The append-only record of what was changed where: one Redis stream for all, trimmed by length. */
import type { Store } from './connection.ts';
import type { LogLine, ProvisioningLog } from './ports/index.ts';

const MAX_LINES = 1_000_000;
const MAX_LINES_PER_PERSON = 200;

export function createProvisioningLog(store: Store): ProvisioningLog {
  const { redis, key } = store;
  const all = key('provisioning-log');
  const personKey = (person: string) => key('provisioning-log', person);
  return {
    async append(line) {
      const json = JSON.stringify(line);
      await redis
        .multi()
        .xadd(all, 'MAXLEN', '~', MAX_LINES, '*', 'line', json)
        .xadd(personKey(line.key), 'MAXLEN', '~', MAX_LINES_PER_PERSON, '*', 'line', json)
        .exec();
    },
    async ofPerson(person, limit) {
      const entries = await redis.xrevrange(personKey(person), '+', '-', 'COUNT', limit);
      return entries.map(([, fields]) => JSON.parse(fields[1] ?? '{}') as LogLine);
    },
  };
}
