import { expect, test } from 'vitest';
import { transportFailure } from '../../../app/scim/wire/transport-failure.ts';

const ATTEMPT = { what: 'POST Users at agileplace', writes: true, brokenOff: null, stopReason: undefined };

test.each(['ENOTFOUND', 'EAI_AGAIN'])(
  'a host name that cannot be found (%s) is told with what to check; nothing was written',
  (code) => {
    const failure = transportFailure(Object.assign(new Error('canary'), { code }), ATTEMPT);
    expect(failure).toMatchObject({ name: 'TargetUnavailable', outcomeUnknown: false });
    expect(failure.message).toBe(
      `POST Users at agileplace: the host name cannot be found (${code}); check baseUrl, and the proxy where there is one`,
    );
  },
);

test('a connection that is refused is told as such', () => {
  const failure = transportFailure(Object.assign(new Error('canary'), { code: 'ECONNREFUSED' }), ATTEMPT);
  expect(failure.message).toBe('POST Users at agileplace: no connection or it broke (ECONNREFUSED)');
});
