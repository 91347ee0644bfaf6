/** Which of the other endpoints are there. */
import type { Profile } from '../../profiles/profile.ts';
import { type Ask, succeeded } from '../asking.ts';
import { type Observed, told } from '../finding.ts';
import type { ReadingProbe } from './scene.ts';

export const endpoints: ReadingProbe = async ({ ask }) => {
  const groups = await ask({ method: 'GET', path: '/Groups?count=1' });
  const schemas = await ask({ method: 'GET', path: '/Schemas' });
  return [
    endpoint('/Groups', succeeded(groups), ({ groups: habits }) => habits !== null),
    endpoint('/Bulk', await bulkIsThere(ask), ({ bulk }) => bulk !== null),
    told('/Schemas', succeeded(schemas) ? 'there' : `not there (${schemas.status})`),
  ];
};

/** Nothing is sent there: an endpoint that only takes POST says so to a GET, and one that is missing says 404. */
async function bulkIsThere(ask: Ask): Promise<boolean | null> {
  const { status, alien } = await ask({ method: 'GET', path: '/Bulk' });
  if (status === 405) return true;
  return status === 404 || status === 501 || alien ? false : null;
}

function endpoint(what: string, there: boolean | null, used: (profile: Profile) => boolean): Observed {
  return {
    what,
    shows: there === null ? 'cannot be told' : there ? 'there' : 'not there',
    against: (profile) => {
      if (!used(profile)) return { says: 'not used', verdict: there === true ? 'unknown' : 'agrees' };
      if (there === null) return { says: 'there', verdict: 'unknown' };
      if (there) return { says: 'there', verdict: 'agrees' };
      return { says: 'there', verdict: 'differs', advice: `nothing can be sent to ${what} here` };
    },
  };
}
