/** The dialects, in the order in which they are tried: the first that recognises a server is taken. */
import type { Server } from '../connection/server.ts';
import { ACTIVE_DIRECTORY } from './active-directory.ts';
import type { Dialect } from './dialect.ts';
import { DS389 } from './ds389.ts';
import { GENERIC } from './generic.ts';
import type { DialectName } from './names.ts';
import { OPENLDAP } from './openldap.ts';

const DIALECTS: readonly Dialect[] = [OPENLDAP, ACTIVE_DIRECTORY, DS389, GENERIC];

/** @param configured `auto`: the server says what it is */
export function dialectOf(server: Server, configured: DialectName | 'auto'): Dialect {
  const fits = (dialect: Dialect) =>
    configured === 'auto' ? dialect.recognises(server) : dialect.name === configured;
  return DIALECTS.find(fits) ?? GENERIC;
}
