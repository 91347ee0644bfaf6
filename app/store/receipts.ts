/** What became of each event, by its id, for 30 days; the memory that makes a repeated event harmless. */
import type { Store } from './connection.ts';
import type { Receipt, Receipts } from './ports/index.ts';

const RETENTION_SECONDS = 30 * 24 * 3600;

export function createReceipts(store: Store, sources: readonly string[]): Receipts {
  const { redis, key } = store;
  async function get(source: string, id: string): Promise<Receipt | null> {
    const text = await redis.get(key('receipt', source, id));
    return text === null ? null : (JSON.parse(text) as Receipt);
  }
  return {
    get,
    async put(source, receipt) {
      const name = key('receipt', source, receipt.id);
      return (await redis.set(name, JSON.stringify(receipt), 'EX', RETENTION_SECONDS, 'NX')) === 'OK';
    },
    async find(id) {
      for (const source of sources) {
        const receipt = await get(source, id);
        if (receipt !== null) return receipt;
      }
      return null;
    },
  };
}
