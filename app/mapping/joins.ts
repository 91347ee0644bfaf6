/**
 * The further sources that a mapping joins: which record there is the same person's (`join`), and whose value counts
 * where several have one (`precedence`). Checked when the file is loaded; who is meant is found by the sync room.
 *
 * A record is found by what it is known by: its stable id, or a handle that each person is kept under in an index
 * (`person/handles.ts`). So nobody has to look through everybody.
 */
import { HANDLE_ATTRIBUTES } from '../person/handles.ts';
import { attributeFault } from './attribute-name.ts';
import { type Declared, entriesOf } from './declarations.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Join } from './mapping.ts';
import type { Report } from './report.ts';
import { entryOf, type Located, type LocatedEntry } from './yaml-tree.ts';

/** A join as it is written; what is read of its source shows once all is compiled. */
export type JoinRule = Omit<Join, 'reads'>;

export type Joins = {
  readonly joined: readonly JoinRule[];
  /** Names of all sources that the mapping has records from, its own first. */
  readonly sources: readonly string[];
  /** The first one counts; a source that is not named counts only where an expression asks for it by name. */
  readonly precedence: readonly string[];
};

/** Tolerant of a wrong shape, which is reported elsewhere. */
export function joinsOf(root: Located, { reads }: Pick<Declared, 'reads'>, report: Report): Joins {
  const own = textOf(entryOf(root, 'source')?.value) ?? '';
  const declared = reads === null ? null : new Set(reads.keys());
  const joined = entriesOf(root, 'join').flatMap((entry) => joinOf(entry, own, declared, report) ?? []);
  const sources = [own, ...joined.map(({ source }) => source)];
  const written = entryOf(root, 'precedence')?.value;
  const precedence = written === undefined ? null : orderIn(written, 'precedence', sources, report);
  return { joined, sources, precedence: precedence ?? sources };
}

function joinOf(
  { key: source, keyAt, value }: LocatedEntry,
  own: string,
  declared: ReadonlySet<string> | null,
  report: Report,
): JoinRule | null {
  const field = `join.${source}`;
  if (source === own) {
    report.problem(keyAt, field, 'is where people come from already. Join another source.');
    return null;
  }
  const [on, to] = [entryOf(value, 'on')?.value, entryOf(value, 'to')?.value];
  const [onName, toName] = [textOf(on), textOf(to)];
  if (on === undefined || to === undefined || onName === null || toName === null) return null;
  const fault = attributeFault(onName, declared);
  if (fault !== null) report.problem(on.at, `${field}.on`, fault);
  const key = toName.toLowerCase();
  if (key !== 'id' && !HANDLE_ATTRIBUTES.includes(key)) {
    const known = ['id', ...HANDLE_ATTRIBUTES];
    const mend = didYouMean(toName, known) || ` Known are ${known.join(', ')}.`;
    report.problem(to.at, `${field}.to`, `people are not found by "${toName}".${mend}`);
  }
  return {
    source,
    on: onName.toLowerCase(),
    to: key,
    where: report.place(keyAt),
  };
}

/**
 * Names of sources in the order in which they count.
 * @param field for messages
 * @returns null where something is wrong, which is reported
 */
export function orderIn(
  node: Located,
  field: string,
  sources: readonly string[],
  report: Report,
): readonly string[] | null {
  const refuse = (place: Located, message: string): null => {
    report.problem(place.at, field, message);
    return null;
  };
  if (node.kind !== 'list' || node.items.length === 0) {
    return refuse(
      node,
      `must be a list of sources, the first one counting first. Write [${sources.join(', ')}].`,
    );
  }
  const order: string[] = [];
  for (const item of node.items) {
    const name = textOf(item) ?? '';
    if (!sources.includes(name)) return refuse(item, unknownSource(name, sources));
    if (order.includes(name)) return refuse(item, `names ${name} twice. Keep one.`);
    order.push(name);
  }
  return order;
}

/** What is wrong with the name of a source in an expression or an order. */
export function unknownSource(name: string, sources: Iterable<string>): string {
  const known = [...sources];
  const mend =
    known.length < 2
      ? ' Declare it under join.'
      : didYouMean(name, known) || ` Known are ${known.join(', ')}.`;
  return `this mapping has no records of a source "${name}".${mend}`;
}

function textOf(node: Located | undefined): string | null {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** What is read of each source; the person's own is asked for what tells who they are elsewhere, too. */
export function readsBySource(
  { joined, sources, precedence }: Joins,
  reads: readonly string[],
  fromReads: readonly { readonly source: string; readonly key: string }[],
): { readonly own: readonly string[]; readonly joins: readonly Join[] } {
  const readOf = (source: string): readonly string[] => [
    ...(precedence.includes(source) ? reads : []),
    ...fromReads.flatMap((read) => (read.source === source ? [read.key] : [])),
  ];
  const [own = ''] = sources;
  return {
    own: [...new Set([...readOf(own), ...joined.map(({ on }) => on)])],
    joins: joined.map((rule) => {
      const told = rule.to === 'id' ? [] : [rule.to];
      return { ...rule, reads: [...new Set([...readOf(rule.source), ...told])] };
    }),
  };
}
