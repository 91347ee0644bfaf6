import { describe, expect, test } from 'vitest';
import { type Filter, type Profile, parseFilter, profileNamed } from '../../../app/scim/index.ts';
import { aListCall } from '../memory-ports.ts';
import { answering, type OddServer } from '../odd-server.ts';
import { failureOf, oddServerForEachTest, setUp } from '../set-up.ts';

const server = oddServerForEachTest();

const ANA = { id: 'T-1', userName: 'ana@corp.test', active: true, title: 'Analyst', externalId: 'E-1' };
const BEN = { id: 'T-2', userName: 'ben@corp.test', active: 'false', emails: ['ben@home.test'] };

function everybody(): OddServer['answer'] {
  return answering(200, { totalResults: 2, Resources: [ANA, BEN] });
}

async function searched(filter: Filter, profile: string, more: Partial<Profile> = {}) {
  const known = profileNamed(profile);
  if (known === null) throw new Error(`there is no profile ${profile}`);
  const { target } = setUp(`${server.origin}/v1`, { profile: { ...known, ...more } });
  const call = aListCall();
  const ids: string[] = [];
  for await (const step of target.search(filter, call)) {
    if (step.kind === 'end') return { ids, end: step };
    expect(step.accounts.length).toBeGreaterThan(0);
    ids.push(...step.accounts.map(({ id }) => id));
  }
  throw new Error('a listing always ends with an end');
}

/** As a target has it that knows `eq` and nothing else. */
const EQ_ONLY = { filter: { operators: ['eq'], joins: false, afterUrn: ':', booleans: 'bare' } } as const;

const asked = () => server.asked.map(({ url }) => decodeURIComponent(url));
const END = { kind: 'end', complete: true, problem: null, requests: 1 };

describe('all users whom a filter finds', () => {
  test('O-11 e: are checked, since a server may ignore the filter', async () => {
    server.answer = everybody();
    const found = await searched(parseFilter('userName sw "ANA" and active eq true'), 'generic');
    expect(found).toEqual({ ids: ['T-1'], end: END });
    expect(asked()).toEqual(['/v1/Users?filter=userName sw "ANA" and active eq true&count=100']);
  });

  test('are asked for with as much of the filter as the target understands', async () => {
    server.answer = everybody();
    const filter = parseFilter('title pr and (userName co "a" or active eq true)');
    expect((await searched(filter, 'generic', EQ_ONLY)).ids).toEqual(['T-1']);
    expect((await searched(parseFilter('active eq false and title pr'), 'generic', EQ_ONLY)).ids).toEqual([]);
    expect(
      (await searched(parseFilter('emails co "HOME" and active eq false'), 'generic', EQ_ONLY)).ids,
    ).toEqual(['T-2']);
    expect(asked()).toEqual([
      '/v1/Users?count=100',
      '/v1/Users?filter=active eq false&count=100',
      '/v1/Users?filter=active eq false&count=100',
    ]);
  });

  test('at AgilePlace, as it wants a filter spelled', async () => {
    server.answer = everybody();
    const urn = 'urn:scim:schemas:extension:leankit:user:1.0';
    await searched(parseFilter(`${urn}:administrator eq true and timezone eq "Europe/Paris"`), 'agileplace');
    expect(asked()).toEqual([`/v1/Users?filter=${urn}.administrator eq "true"&count=200`]);
  });

  test('by externalId, where nobody knows whether the target can look for it, everybody is listed', async () => {
    server.answer = everybody();
    expect((await searched(parseFilter('externalId eq "E-1"'), 'generic')).ids).toEqual(['T-1']);
    expect((await searched(parseFilter('externalId eq "e-1"'), 'generic')).ids).toEqual([]);
    await searched(parseFilter('externalId eq "E-1"'), 'generic', { externalIdSearch: 'supported' });
    expect(asked()).toEqual([
      '/v1/Users?count=100',
      '/v1/Users?count=100',
      '/v1/Users?filter=externalId eq "E-1"&count=100',
    ]);
  });

  test('by what an account does not show, the target decides, or nothing is concluded', async () => {
    server.answer = everybody();
    const filter = parseFilter('meta.lastModified gt "2026-01-01T00:00:00Z" and userName sw "b"');
    expect(await searched(filter, 'generic')).toEqual({ ids: ['T-2'], end: END });
    expect(await searched(filter, 'generic', EQ_ONLY)).toEqual({
      ids: [],
      end: {
        kind: 'end',
        complete: false,
        problem:
          "this target's search does not take the whole filter, and meta, schemas, password cannot be checked here",
        requests: 0,
      },
    });
    expect(server.asked).toHaveLength(1);
  });

  test('O-15: startIndex that is ignored is seen here as well', async () => {
    server.answer = answering(200, { totalResults: 9, Resources: [ANA, BEN] });
    const found = await searched(parseFilter('userName pr'), 'generic');
    expect(found).toMatchObject({ ids: ['T-1', 'T-2'], end: { complete: false, requests: 2 } });
    expect(asked()[1]).toBe('/v1/Users?filter=userName pr&startIndex=3&count=100');
  });

  test('a filter that the target refuses after all is a refusal', async () => {
    server.answer = answering(400, { Errors: [{ description: 'bad filter', code: '400' }] });
    expect(await failureOf(searched(parseFilter('userName pr'), 'generic'))).toMatchObject({
      name: 'Refused',
      words: 'bad filter',
    });
  });
});
