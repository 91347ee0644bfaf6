/** Invented people, and mapping files of a few lines, for the tests of the mapping engine. */
import { type LoadedMapping, loadMapping, type Mapped, type Mapping } from '../../app/mapping/index.ts';
import { personKey, toStableId } from '../../app/person/anchor.ts';
import { type GroupRef, toAttributes } from '../../app/person/entry.ts';
import type { Identity } from '../../app/person/identity.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');

/** A value that stands alone may be written alone. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

export function person(values: Values, groups: readonly GroupRef[] = []): Identity {
  const stableId = toStableId('hr-17');
  if (stableId === null) throw new Error('hr-17 is no stable id');
  const pairs = Object.entries(values).map(
    ([name, value]) => [name, typeof value === 'string' ? [value] : value] as const,
  );
  const attributes = toAttributes(pairs);
  const dn = 'uid=ada,ou=people,dc=example,dc=test';
  return {
    key: personKey('corp', stableId),
    source: 'corp',
    stableId,
    presence: { state: 'present' },
    entry: { stableId, dn, dnKey: dn, revision: '', attributes },
    groups,
    version: 1,
    observedAt: NOW.toISOString(),
  };
}

/** The same person, with what another source says of them. */
export function withRecord(identity: Identity, source: string, values: Values): Identity {
  const { attributes } = person(values).entry;
  return {
    ...identity,
    joined: new Map([...(identity.joined ?? []), [source, { state: 'present', attributes }]]),
  };
}

export type Written = {
  /** null: the file has no list of what it reads, and its attributes begin a line earlier. */
  readonly reads?: string | null;
  /** How accounts are found; by userName where it is left out. */
  readonly match?: string;
  readonly before?: string;
  /** The lines under `attributes`. */
  readonly attributes?: string;
};

/** A mapping file. Its attributes begin on line 8 where `before` is left out; `active` ends it where it is left out. */
export function written({
  reads = 'mail: string',
  match = 'userName',
  before = '',
  attributes = '',
}: Written): string {
  const lines = [
    'version: 1',
    'source: corp',
    'target: agileplace',
    'resource: User',
    `match: [${match}]`,
    ...(reads === null ? [] : [`reads: { ${reads} }`]),
    ...(before === '' ? [] : [before]),
    'attributes:',
    ...(attributes.includes('userName:') ? [] : ["  userName: '= id'"]),
    ...attributes.split('\n').filter((line) => line.trim() !== ''),
    ...(saysWhoIsActive(attributes) ? [] : ['  active: true']),
  ];
  return `${lines.join('\n')}\n`;
}

function saysWhoIsActive(attributes: string): boolean {
  return /^ {2}active:/m.test(attributes);
}

export function load(file: Written): LoadedMapping {
  return loadMapping('m.yaml', written(file));
}

export function mapping(file: Written): Mapping {
  const loaded = load(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.mapping;
}

export function map(file: Written, values: Values, groups: readonly GroupRef[] = []): Mapped {
  return mapping(file).map(person(values, groups), NOW);
}

/** What is sent for this person, without what `written` adds to every file: userName and active. */
export function payload(file: Written, values: Values, groups: readonly GroupRef[] = []): unknown {
  const mapped = map(file, values, groups);
  if (mapped.kind !== 'in-scope') throw new Error(JSON.stringify(mapped));
  const { userName: _userName, active, ...rest } = mapped.user;
  return active !== undefined && saysWhoIsActive(file.attributes ?? '') ? { ...rest, active } : rest;
}

/** The one attribute `x` of an extension of no known type: what the expression gives. */
export function computed(
  reads: string,
  expression: string,
  values: Values,
  groups: readonly GroupRef[] = [],
): unknown {
  const attributes = `  urn:example:test:\n    x: ${JSON.stringify(`= ${expression}`)}`;
  const sent = payload({ reads, attributes }, values, groups) as Record<string, { x?: unknown } | undefined>;
  return sent['urn:example:test']?.x;
}

/** `line:column field: message`, as few words as a test needs. */
export function problemsOf(loaded: LoadedMapping): readonly string[] {
  if (loaded.ok) return [];
  return loaded.problems.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`);
}
