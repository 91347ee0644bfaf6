/** The first landbridge.yaml, from what `landbridge init` was told and found. Pure; secrets are references. */
import { relative } from 'node:path';
import type { FileAnswers, LdapAnswers, TargetAnswers } from './init-answers.ts';

/** Where people and groups of a directory stand. */
export type Bases = {
  readonly people: string;
  /** null where no groups are read. */
  readonly groups: string | null;
  /** Where whoever left the people is looked for; null where nothing is known above them. */
  readonly lookup: string | null;
};

/** How a CSV file is laid out; null for LDIF. */
export type Layout = {
  readonly id: string;
  readonly delimiter: string;
  /** Attributes by what mappings call them, with their headings. */
  readonly columns: Readonly<Record<string, string>>;
} | null;

export type SourceDraft =
  | { readonly answers: LdapAnswers; readonly bases: Bases }
  | { readonly answers: FileAnswers; readonly layout: Layout };

/** @param folder that the file will stand in; @param mapping the path of the mapping, from there */
export function configText(
  source: SourceDraft,
  target: TargetAnswers,
  mapping: string,
  folder: string,
): string {
  const lines = [
    '# Made by landbridge init. Secrets never stand here: they are references to files or to the environment.',
    '# All fields and their defaults: docs/configuration.md. Check it with: landbridge check config',
    'version: 1',
    '',
    'sources:',
    "  # The name becomes part of every person's key, so choose it before the first load.",
    `  ${source.answers.name}:`,
    ...('bases' in source ? ldapLines(source, folder) : fileLines(source, folder)).map(
      (line) => `    ${line}`,
    ),
    '',
    'targets:',
    `  ${target.name}:`,
    ...targetLines(target, folder).map((line) => `    ${line}`),
    '',
    'mappings:',
    `  - ${mapping}`,
  ];
  return `${lines.join('\n')}\n`;
}

function ldapLines(
  { answers, bases }: Extract<SourceDraft, { bases: Bases }>,
  folder: string,
): readonly string[] {
  const { url, tls, ca, bindDn, password } = answers;
  const { people, groups, lookup } = bases;
  const encryption = [`mode: ${tls}`, ...(ca === null ? [] : [`ca: ${quoted(within(ca, folder))}`])];
  return [
    'kind: ldap',
    `urls: [${quoted(url)}] # several are tried in this order`,
    `tls: { ${encryption.join(', ')} }`,
    `bindDn: ${quoted(bindDn)}`,
    `password: ${quoted(secretWithin(password, folder))}`,
    'people:',
    `  base: ${quoted(people)}`,
    '  # filter: (objectClass=inetOrgPerson) # without it: what is usual for the kind of directory',
    ...(groups === null
      ? ['# groups: { base: … } # no group was found']
      : ['groups:', `  base: ${quoted(groups)}`]),
    ...(lookup === null
      ? []
      : [
          '# Where somebody who left people.base is looked for, so that a move is told from a deletion.',
          `lookupBase: ${quoted(lookup)}`,
        ]),
  ];
}

function fileLines(
  { answers, layout }: Extract<SourceDraft, { layout: Layout }>,
  folder: string,
): readonly string[] {
  const columns = Object.entries(layout?.columns ?? {}).map(
    ([name, heading]) => `${name}: ${quoted(heading)}`,
  );
  return [
    'kind: file',
    `path: ${quoted(within(answers.path, folder))} # or a folder, or a pattern: the newest file is read`,
    ...(layout === null
      ? []
      : [
          'csv:',
          `  id: ${quoted(layout.id)} # the heading of the column with the number that stays`,
          `  delimiter: ${quoted(layout.delimiter)}`,
          '  # What mappings call a column, where that is not its heading in small letters.',
          ...(columns.length === 0 ? [] : ['  columns:', ...columns.map((line) => `    ${line}`)]),
        ]),
  ];
}

function targetLines({ profile, url, ca, auth, name }: TargetAnswers, folder: string): readonly string[] {
  return [
    `profile: ${profile.name}`,
    `baseUrl: ${quoted(url)}`,
    'auth:',
    `  kind: ${auth.kind}`,
    ...(auth.kind === 'bearer'
      ? [`  token: ${quoted(secretWithin(auth.token, folder))}`]
      : [
          `  username: ${quoted(auth.username)}`,
          `  password: ${quoted(secretWithin(auth.password, folder))}`,
        ]),
    ...(auth.kind === 'minted' ? [`  keep: { file: ./data/${name}.token }`] : []),
    ...(ca === null ? [] : [`ca: ${quoted(within(ca, folder))}`]),
    '# Nothing is written there before somebody has seen what would be, and has accepted it: landbridge adopt',
    'adoption: reviewed',
  ];
}

/** Paths of landbridge.yaml start at its folder; what stands elsewhere keeps its whole path. */
function within(path: string, folder: string): string {
  const inside = relative(folder, path);
  return inside.startsWith('..') ? path : `./${inside}`;
}

function secretWithin(reference: string, folder: string): string {
  const [, path] = /^\$\{file:(.+)\}$/.exec(reference) ?? [];
  return path === undefined ? reference : `\${file:${within(path, folder)}}`;
}

/** Whatever stands in it, YAML takes it as text. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
