import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScimClient } from '../../../app/scim/auth/authenticated-client.ts';
import type { BulkOperation } from '../../../app/scim/bulk/bulk-target.ts';
import { bulkOver } from '../../../app/scim/bulk/send-bulk.ts';
import { pingdirectory } from '../../../app/scim/profiles/pingdirectory.ts';
import type { Json, JsonObject } from '../../../app/scim/resource.ts';
import { aCall } from '../memory-ports.ts';

type Sent = {
  readonly method: string;
  readonly bulkId: string;
  readonly data: { readonly refersTo: string[] };
};

type Server = {
  readonly client: ScimClient;
  /** Ids that each operation was carried out with, by bulkId; more than one if it was carried out again. */
  readonly carriedOut: Map<string, string[][]>;
  requests: number;
};

/** Does the operations in order, knows a reference only backwards within a request, and answers in reverse. */
function aServer(most: number, loses: number): Server {
  const server: Server = {
    carriedOut: new Map(),
    requests: 0,
    client: {
      send: async ({ body }) => {
        server.requests += 1;
        const operations = (body?.Operations ?? []) as unknown as Sent[];
        if (operations.length > most) return { kind: 'refused', status: 413, words: 'too many' };
        const made = new Map<string, string>();
        const results = operations.map(({ method, bulkId, data }): Json => {
          const ids = data.refersTo.map((value) => {
            const known = value.startsWith('bulkId:') ? made.get(value.slice('bulkId:'.length)) : value;
            if (known === undefined) throw new Error(`${value} cannot be resolved`);
            return known;
          });
          made.set(bulkId, `id-${bulkId}`);
          server.carriedOut.set(bulkId, [...(server.carriedOut.get(bulkId) ?? []), ids]);
          return { method, bulkId, location: `/Users/id-${bulkId}`, status: { code: '201' } };
        });
        if (server.requests === loses) return { kind: 'unreadable', status: 200 };
        return { kind: 'resource', status: 200, body: { Operations: results.reverse() } };
      },
    },
  };
  return server;
}

/** Operation `at` refers to others than itself, without circles: along a hidden order. */
const operationsIn = fc
  .integer({ min: 0, max: 12 })
  .chain((many) =>
    fc.tuple(
      fc.shuffledSubarray([...Array(many).keys()], { minLength: many, maxLength: many }),
      fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: many, maxLength: many }),
    ),
  )
  .map(([hidden, wishes]) =>
    hidden.map((rank, at): { bulkId: string; refersTo: string[] } => ({
      bulkId: `b${at}`,
      refersTo: hidden.flatMap((other, to) =>
        other < rank && (wishes[at] ?? []).includes(to) ? [`b${to}`] : [],
      ),
    })),
  );

test('whatever refers to whatever and however it is cut, each operation is carried out once, with the real ids', async () => {
  const sizes = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(operationsIn, sizes, sizes, fc.nat(6), async (given, told, really, loses) => {
      const server = aServer(really, loses);
      const profile = {
        ...pingdirectory,
        bulk: { path: '/Bulk', maxOperations: told, maxPayloadBytes: 100_000 },
      };
      const operations = given.map(({ bulkId, refersTo }): BulkOperation => {
        const data: JsonObject = { refersTo: refersTo.map((name) => `bulkId:${name}`) };
        return { method: 'POST', path: '/Users', bulkId, data };
      });
      const bulk = bulkOver({ name: 'p', profile, basePath: '', client: server.client });
      const sent = await bulk?.send(operations, { ...aCall(), waitUntil: async () => {} });
      for (const [at, { bulkId, refersTo }] of given.entries()) {
        const result = sent?.results[at];
        const times = server.carriedOut.get(bulkId) ?? [];
        expect(times.length).toBeLessThanOrEqual(1);
        for (const ids of times) expect(ids).toEqual(refersTo.map((name) => `id-${name}`));
        if (result?.kind === 'done') expect([result.id, times.length]).toEqual([`id-${bulkId}`, 1]);
        else expect(result?.kind).toBe(times.length === 1 ? 'unknown' : 'not-sent');
      }
      if (loses === 0 || loses > server.requests) expect(server.carriedOut.size).toBe(given.length);
      expect(sent?.requests).toBe(server.requests);
    }),
    { numRuns: 500 },
  );
});
