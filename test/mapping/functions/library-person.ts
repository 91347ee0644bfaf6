/** Runs an expression through a real mapping file, as an attribute of no known type. */
import { loadMapping, type Mapped, type Mapping } from '../../../app/mapping/index.ts';
import { NOW, person, type Values, withRecord } from '../people.ts';

export type Asked = {
  readonly entry?: Values;
  readonly groups?: readonly string[];
  /** What the source `hr` has of them, where it is joined. */
  readonly hr?: Values;
  readonly at?: string;
  /** Lines before `attributes`. */
  readonly before?: string;
};

/** What becomes of it: the value (undefined where it is absent), how it failed, and the warnings beside it. */
export type Given = {
  readonly value?: unknown;
  readonly fails?: string;
  readonly warnings: readonly string[];
  readonly changesAt?: string;
};

export function given(expression: string, asked: Asked = {}): Given {
  return givenBy(mapped(`  urn:example:test:\n    x: ${JSON.stringify(`= ${expression}`)}`, asked));
}

/** @param attributes lines under `attributes`; userName and active are added where they are left out */
export function mapped(attributes: string, asked: Asked = {}): Mapped {
  const { entry = {}, groups = [], hr, at } = asked;
  const refs = groups.map((name) => ({ name, dn: `cn=${name},ou=groups,dc=example,dc=com` }));
  const who = hr === undefined ? person(entry, refs) : withRecord(person(entry, refs), 'hr', hr);
  return mappingWith(attributes, asked).map(who, at === undefined ? NOW : new Date(at));
}

export function mappingWith(attributes: string, { before = '' }: Asked = {}): Mapping {
  const loaded = loadMapping('m.yaml', text(attributes, before));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.mapping;
}

/** What is wrong with the expression when the file is loaded. */
export function faultsOf(expression: string): readonly string[] {
  const loaded = loadMapping('m.yaml', text(`  title: ${JSON.stringify(`= ${expression}`)}`, ''));
  return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
}

function text(attributes: string, before: string): string {
  return [
    'version: 1\nsource: corp\ntarget: agileplace\nresource: User',
    attributes.includes('externalId:') ? 'match: [externalId]' : 'match: [userName]',
    before,
    'attributes:',
    ...(/^ {2}userName:/m.test(attributes) ? [] : ["  userName: '= id'"]),
    ...(/^ {2}active:/m.test(attributes) ? [] : ['  active: true']),
    `${attributes}\n`,
  ].join('\n');
}

function givenBy(outcome: Mapped): Given {
  const changesAt = outcome.changesAt === undefined ? {} : { changesAt: outcome.changesAt.toISOString() };
  switch (outcome.kind) {
    case 'in-scope': {
      const extension: unknown = outcome.user['urn:example:test'];
      const value: unknown =
        typeof extension === 'object' && extension !== null ? Reflect.get(extension, 'x') : undefined;
      return { value, warnings: outcome.warnings.map(({ message }) => message), ...changesAt };
    }
    case 'failed':
      return { fails: outcome.problems.map(({ message }) => message).join(' '), warnings: [], ...changesAt };
    default:
      throw new Error(outcome.kind);
  }
}
