/**
 * Runs the private directory alone: prints one line of JSON with its addresses and accounts, and serves until it is
 * told to stop.
 *
 *   tsx sandbox/directory/main.ts [--ldif people.ldif] [--dir folder]
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startDirectory } from './slapd.ts';

const { values } = parseArgs({ options: { ldif: { type: 'string' }, dir: { type: 'string' } } });

const starting = startDirectory({
  ...(values.ldif === undefined ? {} : { ldif: await readFile(values.ldif, 'utf8') }),
  ...(values.dir === undefined ? {} : { dir: values.dir }),
});
// Before the line is printed: whoever reads it may want us to stop at once.
const stop = async () => {
  await (await starting).stop();
  process.exit(0);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

const { ldapUrl, ldapsUrl, caFile, suffix, peopleBase, groupsBase, formerBase, admin, reader, limited } =
  await starting;
process.stdout.write(
  `${JSON.stringify({ ldapUrl, ldapsUrl, caFile, suffix, peopleBase, groupsBase, formerBase, admin, reader, limited })}\n`,
);
