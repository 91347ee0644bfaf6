/**
 * Asks a source what it offers to a first mapping: what kind it is, where people and groups stand, which attributes
 * people have. It only reads.
 */
import { readFileSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import { SourceUnavailable } from '../errors.ts';
import { ldapOptions } from '../installation.ts';
import { counted } from '../sources/checking/report.ts';
import { csvHeadings, headingAsAttribute } from '../sources/file/index.ts';
import { isWithin, namingContexts, surveyDirectory } from '../sources/ldap/index.ts';
import { CannotStart } from './cannot-start.ts';
import type { FileAnswers, LdapAnswers } from './init-answers.ts';
import { COLUMN_NAMES, ID_NAMES, OFFERED } from './init-attributes.ts';
import type { SourceDraft } from './init-config.ts';

export type Offer = {
  readonly kind: 'active-directory' | '389ds' | 'directory' | 'csv' | 'ldif';
  /** Whether people have the attribute, in any case. */
  readonly has: (attribute: string) => boolean;
  /** What was found, for whoever looks. */
  readonly found: readonly string[];
  readonly draft: SourceDraft;
};

/** At so many people is looked. */
const SAMPLE = 200;
/** Stands in until the directory has said where its entries are. */
export const UNKNOWN_BASE = 'dc=unknown';
const BEGINNING = 256 * 1024;

type LdapConfig = Extract<Config['sources'][string], { kind: 'ldap' }>;

/**
 * @param configFor the source as it would be read with these bases
 * @throws CannotStart where it cannot be asked
 */
export async function offerOfDirectory(
  answers: LdapAnswers,
  configFor: (people: string, groups: string | null) => LdapConfig,
  signal: AbortSignal,
): Promise<Offer> {
  const options = (people: string, groups: string | null) => ({
    ...ldapOptions(answers.name, configFor(people, groups), [], () => new Date()),
    reads: OFFERED,
  });
  try {
    const contexts = await namingContexts(options(answers.base ?? UNKNOWN_BASE, null), signal);
    const base = answers.base ?? contexts[0];
    if (base === undefined)
      throw new CannotStart('The directory does not say where its entries are. Say it with --base.');
    const lookup = contexts.find((context) => isWithin(base, context)) ?? null;
    const survey = await surveyDirectory(options(base, lookup ?? base), SAMPLE, signal);
    const counts = [...survey.having].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
    const some = `${survey.more ? 'the first ' : ''}${counted(survey.people, 'person', 'people')}`;
    return {
      kind: survey.kind === 'active-directory' || survey.kind === '389ds' ? survey.kind : 'directory',
      has: offering(new Set(survey.having.keys())),
      found: [
        `${answers.name}: ${survey.title}, ${some} below ${base}, ${survey.groups === true ? 'with groups' : 'no group with a member'}`,
        ...(counts.length === 0
          ? []
          : [`  they have ${counts.map(([name, count]) => `${spelt(name)} (${count})`).join(', ')}`]),
      ],
      draft: {
        answers,
        bases: { people: base, groups: survey.groups === true ? (lookup ?? base) : null, lookup },
      },
    };
  } catch (error) {
    throw error instanceof SourceUnavailable ? new CannotStart(error.message) : error;
  }
}

/** Where nobody can be seen, what people usually have is taken. */
function offering(names: ReadonlySet<string>): Offer['has'] {
  const usual = new Set(['mail', 'givenname', 'sn']);
  return (attribute) => (names.size === 0 ? usual : names).has(attribute.toLowerCase());
}

function spelt(name: string): string {
  return OFFERED.find((known) => known.toLowerCase() === name) ?? name;
}

/** @throws CannotStart where the file cannot be read, or does not say what its columns are */
export function offerOfFile(answers: FileAnswers): Offer {
  const text = beginningOf(answers.path);
  return /\.(ldif|ldf)$/i.test(answers.path) ? offerOfLdif(answers, text) : offerOfCsv(answers, text);
}

function offerOfLdif(answers: FileAnswers, text: string): Offer {
  const names = new Set(
    [...text.matchAll(/^([A-Za-z][A-Za-z0-9-]*)[;:]/gm)].map(([, name = '']) => name.toLowerCase()),
  );
  const found = OFFERED.filter((name) => names.has(name.toLowerCase()));
  return {
    kind: 'ldif',
    has: offering(new Set(found.map((name) => name.toLowerCase()))),
    found: [`${answers.name}: an LDIF file; its first entries have ${found.join(', ')}`],
    draft: { answers, layout: null },
  };
}

function offerOfCsv(answers: FileAnswers, text: string): Offer {
  const delimiter = delimiterIn(text);
  const headings = csvHeadings(text, { delimiter, quote: '"' });
  const id = answers.id ?? headings.find((heading) => ID_NAMES.has(headingAsAttribute(heading)));
  if (id === undefined || !headings.includes(id)) {
    const known = headings.join(', ');
    throw new CannotStart(
      `Which column of ${answers.path} has the id that never changes? Say it with --id-column, as one of: ${known}.`,
    );
  }
  const columns: Record<string, string> = {};
  for (const heading of headings) {
    const attribute = COLUMN_NAMES.get(headingAsAttribute(heading));
    if (attribute !== undefined && heading !== id && !(attribute in columns)) columns[attribute] = heading;
  }
  const named = new Set(Object.keys(columns).map((name) => name.toLowerCase()));
  const others = headings.filter((heading) => heading !== id && !Object.values(columns).includes(heading));
  return {
    kind: 'csv',
    has: (attribute) => named.has(attribute.toLowerCase()),
    found: [
      `${answers.name}: a CSV file with ids in ${id}`,
      ...Object.entries(columns).map(([attribute, heading]) => `  ${attribute} is the column ${heading}`),
      ...(others.length === 0
        ? []
        : [`  not used yet: ${others.map((one) => `${one} (e.${headingAsAttribute(one)})`).join(', ')}`]),
    ],
    draft: { answers, layout: { id, delimiter, columns: asWritten(columns) } },
  };
}

/** A heading that is called so anyway needs no line. */
function asWritten(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const differs = ([attribute, heading]: readonly [string, string]) =>
    headingAsAttribute(heading) !== attribute.toLowerCase();
  return Object.fromEntries(Object.entries(columns).filter(differs));
}

function delimiterIn(text: string): string {
  const [head = ''] = text.split(/\r?\n/, 1);
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: head.split(sign).length }));
  const [most] = counts.toSorted((a, b) => b.count - a.count);
  return most?.sign ?? ',';
}

function beginningOf(path: string): string {
  try {
    return new TextDecoder('utf-8').decode(readFileSync(path).subarray(0, BEGINNING));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new CannotStart(`${path} cannot be read (${why}). Name a CSV or LDIF file of people.`);
  }
}
