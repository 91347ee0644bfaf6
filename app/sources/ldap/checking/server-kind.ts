/** What kind of directory it is, as it says itself, and whom it takes us for. */

import { normaliseDn } from '../../../person/dn.ts';
import { type Finding, good, lacking, told } from '../../checking/report.ts';
import { WHO_AM_I } from '../connection/connection.ts';
import { dialectOf } from '../dialects/index.ts';
import type { Scene } from './scene.ts';

export async function kindFindings({ session }: Scene): Promise<readonly Finding[]> {
  return [kindOf({ session }), await identity({ session })];
}

function kindOf({ session: { server, dialect, settings } }: Pick<Scene, 'session'>): Finding {
  const said = ['vendorName', 'vendorVersion'].flatMap((name) => server.values(name).slice(0, 1));
  const shows = said.length === 0 ? dialect.title : `${dialect.title} (${said.join(' ')})`;
  const seen = dialectOf(server, 'auto');
  if (settings.directory !== 'auto' && seen.name !== dialect.name) {
    return lacking(
      'kind',
      shows,
      `directory says so, and the server looks like ${seen.title}: set it to auto`,
    );
  }
  if (dialect.name !== 'generic') return good('kind', shows);
  return told('kind', `${shows}; what any directory does is expected of it`);
}

async function identity({ session }: Pick<Scene, 'session'>): Promise<Finding> {
  const { server, connection, settings } = session;
  const what = 'we are';
  const said = server.supports(WHO_AM_I) ? await connection.whoAmI() : null;
  if (said === null) return told(what, 'not told; whether a read was ours to the end cannot be seen');
  const { logIn } = settings;
  const isSame = logIn.by === 'password' && normaliseDn(said.replace(/^dn:/i, '')) === normaliseDn(logIn.dn);
  return isSame ? good(what, said) : told(what, said);
}
