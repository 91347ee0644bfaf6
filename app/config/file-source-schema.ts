/**
 * How a file source is configured: which file, how it is laid out, and what shows that it is whole.
 *
 * Columns of a CSV file are named by their headings; those that are named here have to be there, which only a read can
 * find out.
 */
import { dirname, extname } from 'node:path';
import * as z from 'zod';
import { isSecretName } from '../person/secret-names.ts';
import { accept, type Check, refuse } from './checked.ts';
import { ALSO_WHEN_INCOMPLETE, choice, flag, notBlank, text } from './fields.ts';
import { attributeName, ldapFilter } from './ldap-fields.ts';
import { durationBetween } from './measures.ts';
import { absolutePath, type Surroundings } from './surroundings.ts';

const FORMATS = ['csv', 'ldif'] as const;
type FileFormat = (typeof FORMATS)[number];

const BY_ENDING: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.ldif': 'ldif',
  '.ldf': 'ldif',
};

/** The format that is configured, or that the ending of the path stands for; null where neither says. */
export function fileFormat(source: {
  readonly path: string;
  readonly format?: FileFormat;
}): FileFormat | null {
  return source.format ?? BY_ENDING[extname(source.path).toLowerCase()] ?? null;
}

/** Only the file's own name can be a pattern, so that it never leads out of its folder. */
function filePattern(around: Surroundings): Check<string> {
  return (written) => {
    const filled = notBlank(written);
    if (!filled.ok) return filled;
    return /[*?]/.test(dirname(written))
      ? refuse('has a pattern in the name of a folder. Use * and ? in the name of the file alone.')
      : accept(absolutePath(around, written));
  };
}

const heading: Check<string> = (written) =>
  isSecretName(written)
    ? refuse('is a credential, and credentials are never read. Name another.')
    : notBlank(written);

const oneCharacter: Check<string> = (written) => {
  if (written === 'tab') return accept('\t');
  const isOne = written.length === 1 && !/["\r\n]/.test(written);
  return isOne ? accept(written) : refuse('must be one character, or tab. Write it in quotes, like ";".');
};

const quote: Check<string | null> = (written) => {
  if (written === 'none') return accept(null);
  return written.length === 1
    ? accept(written)
    : refuse('must be one character, or none. Write it like none.');
};

/** Blanks can stand between values, so that this one is not trimmed. */
const separator: Check<string> = (written) =>
  written === '' ? refuse('is empty. Write what stands between two values, like ";".') : accept(written);

export function fileSchema(around: Surroundings) {
  return z
    .strictObject({
      kind: z.literal('file').describe('People are read from a file that is delivered again and again.'),
      path: text(
        around,
        'The file. Or a folder, or a pattern such as ./hr/people-*.csv, of which the newest file is read.',
        filePattern(around),
      ),
      format: choice(around, 'Without it: what the ending of path says.', FORMATS).exactOptional(),
      newest: choice(
        around,
        'Which of several files is the newest: the one that was modified last, or the last one by name.',
        ['modified', 'name'],
      ).prefault('modified'),
      encoding: choice(around, 'How the text is encoded. windows-1252 is latin1, too.', [
        'utf-8',
        'utf-16le',
        'windows-1252',
      ]).prefault('utf-8'),
      csv: csvSchema(around).exactOptional(),
      ldif: ldifSchema(around).prefault({}),
      complete: completeSchema(around),
      poll: pollSchema(around),
    })
    .superRefine(checkFormat, ALSO_WHEN_INCOMPLETE)
    .describe('A file of people, such as an export of an HR system that arrives by SFTP.');
}

function csvSchema(around: Surroundings) {
  return z
    .strictObject({
      id: text(around, 'The heading of the column with the id that never changes.', heading),
      delimiter: text(
        around,
        'What stands between two columns: one character, or tab.',
        oneCharacter,
      ).prefault(','),
      quote: text(
        around,
        'What stands around a cell with a delimiter in it: one character, or none.',
        quote,
      ).prefault('"'),
      columns: z
        .record(z.string(), text(around, 'The heading of the column.', heading))
        .prefault({})
        .describe(
          'Attributes by what mappings call them, each with the heading of its column. Any other column is called by its heading, in lower case and with _ for blanks and signs.',
        ),
      lists: z
        .record(z.string(), text(around, 'What stands between two values.', separator))
        .prefault({})
        .describe('Headings of columns with several values in a cell.'),
      where: z
        .record(
          z.string(),
          z
            .array(text(around, 'One of the values; case does not matter.', accept))
            .min(1)
            .describe('The values of whoever is read.'),
        )
        .prefault({})
        .describe(
          'Which rows are people, by headings: those with one of the values in each of these columns.',
        ),
      groups: z
        .strictObject({
          column: text(around, 'The heading of the column.', heading),
          separator: text(around, 'What stands between two groups.', separator).prefault(';'),
        })
        .exactOptional()
        .describe("The column that names a person's groups. Without it mappings see no groups."),
      trailer: text(
        around,
        'What stands in the first cell of the last row, whose second cell counts the rows of people. A file without it is not complete.',
        notBlank,
      ).exactOptional(),
    })
    .describe('How a CSV file is laid out. Its first row has the headings.');
}

function ldifSchema(around: Surroundings) {
  return z
    .strictObject({
      id: text(around, 'The attribute with the id that never changes.', attributeName).prefault('entryUUID'),
      people: text(around, 'Which entries are people, as an LDAP filter.', ldapFilter(around)).prefault(
        '(&(|(objectClass=inetOrgPerson)(objectClass=user))(!(objectClass=computer)))',
      ),
      groups: z
        .strictObject({
          filter: text(around, 'Which entries are groups, as an LDAP filter.', ldapFilter(around)).prefault(
            '(|(objectClass=groupOfNames)(objectClass=group))',
          ),
          memberAttribute: text(around, 'The attribute that names the members.', attributeName).prefault(
            'member',
          ),
          nameAttribute: text(around, 'The attribute that names the group.', attributeName).prefault('cn'),
        })
        .exactOptional()
        .describe('Which entries are groups. Without it mappings see no groups.'),
    })
    .describe('What stands in an LDIF file.');
}

function completeSchema(around: Surroundings) {
  return z
    .strictObject({
      settle: text(
        around,
        'How long nobody must have written to the file before it is read.',
        durationBetween('100ms', '1h'),
      ).prefault('5s'),
      companion: choice(
        around,
        'A file that has to stand beside it and not be older. done: people.csv.done for people.csv; sha256: people.csv.sha256 with its SHA-256.',
        ['none', 'done', 'sha256'],
      ).prefault('none'),
    })
    .prefault({})
    .describe('What shows that a file is whole.');
}

function pollSchema(around: Surroundings) {
  return z
    .strictObject({
      every: text(around, 'How often a new file is looked for.', durationBetween('1s', '1d')).prefault('1m'),
      sweepEvery: text(
        around,
        'How often the file is read although it is the same.',
        durationBetween('1s', '30d'),
      ).prefault('1h'),
      push: flag(around, 'Listens to the folder, and reads a new file as soon as it is ready.').prefault(
        false,
      ),
    })
    .prefault({})
    .describe('When the file is read.');
}

type Written = { readonly path: string; readonly format?: FileFormat; readonly csv?: unknown };

function checkFormat({ path, format, csv }: Written, context: z.RefinementCtx): void {
  const written: unknown = path;
  // A field that was refused is not text: its own message is enough.
  if (typeof written !== 'string') return;
  const found = fileFormat({ path: written, ...(format === undefined ? {} : { format }) });
  if (found === null) {
    const message = 'does not say by its ending what the file is. Set format to csv or ldif.';
    context.addIssue({ code: 'custom', path: ['path'], message });
  }
  if (found === 'csv' && csv === undefined) {
    const message =
      'is missing. Write at least csv: { id: HEADING }, with the heading of the column of the ids.';
    context.addIssue({ code: 'custom', path: ['csv'], message });
  }
}
