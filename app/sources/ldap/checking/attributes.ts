/**
 * Whether what is asked for can be seen: the stamps and each attribute that mappings read, or an operator asks by. A server
 * leaves out what the account may not read without a word, as if nobody had it.
 */
import { nearest } from '../../../spelling/nearest.ts';
import type { Census } from '../../checking/census.ts';
import { attributeFinding } from '../../checking/people.ts';
import { type Finding, good, isMapped, lacking, told } from '../../checking/report.ts';
import type { Scene } from './scene.ts';
import { readSchema, type Schema } from './schema.ts';

/** @throws SourceUnavailable when the connection broke */
export async function attributeFindings(scene: Scene, census: Census): Promise<readonly Finding[]> {
  const schema = await readSchema(scene.session);
  const unseen = told(
    'schema',
    'does not show, so that an attribute with a slip in its name looks like one that nobody has',
  );
  return [
    ...stamps(scene, census),
    ...(schema === null ? [unseen] : []),
    ...scene.session.settings.reads.map((name) => attribute(scene, census, schema, name)),
  ];
}

function stamps({ session }: Scene, { people, withoutStamp }: Census): readonly Finding[] {
  if (people === 0) return [];
  const { dialect, settings } = session;
  const what = 'stamps';
  const shows = `on ${people - withoutStamp} of ${people}`;
  if (withoutStamp === 0) return [good(what, shows)];
  const names = dialect.bookkeeping.join(' or ');
  return [lacking(what, shows, `let ${settings.account} read ${names}`)];
}

function attribute({ session, check }: Scene, census: Census, schema: Schema | null, name: string): Finding {
  const mapped = isMapped(check, name);
  if (schema !== null && !schema.knows(name)) {
    const finding = told(`attribute ${name}`, 'is not in the schema of the server');
    if (!mapped) return finding;
    const near = nearest(name, schema.names);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    return {
      ...finding,
      verdict: 'lacking',
      advice: `nobody will ever have it: correct the mapping${meant}`,
    };
  }
  const { account } = session.settings;
  return attributeFinding(census, name, mapped, `let ${account} read it, unless nobody is meant to have it`);
}
