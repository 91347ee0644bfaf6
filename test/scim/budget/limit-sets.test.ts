import { expect, test } from 'vitest';
import { bucketsFor, type LimitHabits } from '../../../app/scim/budget/limit-sets.ts';
import type { HttpMethod } from '../../../app/scim/wire/client.ts';

const habits: LimitHabits = {
  sets: [
    { name: 'writes', methods: ['POST', 'PATCH'], resources: 'any', perMinute: 600, burst: 180 },
    { name: 'new users', methods: ['POST'], resources: 'users', perMinute: 180, burst: 20 },
    { name: 'new groups', methods: ['POST'], resources: 'groups', perMinute: 60, burst: 10 },
  ],
  places: { users: '/scim/Users', groups: '/scim/Groups' },
  own: null,
};

test.each<[HttpMethod, string, readonly string[]]>([
  ['POST', '/scim/Users', ['writes', 'new users']],
  ['POST', '/scim/Users?x=1', ['writes', 'new users']],
  ['POST', '/scim/Groups/g-1', ['writes', 'new groups']],
  ['PATCH', '/scim/Users/u-1', ['writes']],
  ['POST', '/scim/UsersAndMore', ['writes']],
  ['POST', '/other/scim/Users', ['writes']],
  ['GET', '/scim/Users', []],
])('%s %s falls under %j', (method, path, names) => {
  expect(bucketsFor({ method, path }, habits).map(({ name }) => name)).toEqual(names);
});

test('an operator’s own limit counts for every request, and always', () => {
  const own = { requestsPerMinute: 90, burst: 3 };
  expect(bucketsFor({ method: 'GET', path: '/anything' }, { ...habits, own })).toEqual([
    { name: '*', perMinute: 90, burst: 3, always: true },
  ]);
});
