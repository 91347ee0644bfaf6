/**
 * Puts a mapping together from its file and the fragments that it includes: files with tables, vars, attributes or a
 * lifecycle that several mappings share. What a file says itself wins over what it includes, and a later fragment over
 * an earlier one. A file that several others include is read once.
 */
import { posix } from 'node:path';
import type { Position } from './file-problem.ts';
import { leadsTo, type MappingFiles } from './mapping-files.ts';
import { laidOver } from './merge-tree.ts';
import type { Report } from './report.ts';
import { FRAGMENT_KEYS, fragmentShape, INCLUDE } from './schema.ts';
import { checkShape } from './shape.ts';
import { entryOf, type Located, type LocatedMap, readTree } from './yaml-tree.ts';

const LARGEST_FILE = 1024 * 1024;
const MOST_FILES = 50;
const DEEPEST = 10;

type Gathering = {
  readonly files: MappingFiles;
  readonly report: Report;
  /** What each fragment says, with what it includes; null where it cannot be read. */
  readonly known: Map<string, Located | null>;
};

/** @returns the whole mapping as one tree, without `include`; null where the file itself cannot be read */
export function gather(file: string, text: string, files: MappingFiles, report: Report): Located | null {
  return withFragments(file, text, [posix.normalize(file)], { files, report, known: new Map() });
}

/** @param chain the files that lead here, this one last */
function withFragments(
  file: string,
  text: string,
  chain: readonly string[],
  gathering: Gathering,
): Located | null {
  const root = rootOf(file, text, gathering.report);
  const include = entryOf(root ?? undefined, 'include');
  if (root?.kind !== 'map' || include === undefined) return root;
  checkShape(include.value, INCLUDE, gathering.report, 'include');
  const own = without(root, ['include']);
  const items = include.value.kind === 'list' ? include.value.items : [];
  const fragments = items.flatMap((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return [];
    const found = fragmentAt(item.value, item.at, chain, gathering);
    return found === null ? [] : [found];
  });
  const under = fragments.reduce<Located | null>(
    (earlier, later) => (earlier === null ? later : laidOver(earlier, later, 'of-over')),
    null,
  );
  return under === null ? own : laidOver(under, own, 'of-over');
}

function rootOf(file: string, text: string, report: Report): Located | null {
  if (Buffer.byteLength(text) > LARGEST_FILE) {
    const message = 'is larger than 1 MiB. Move its tables into CSV files.';
    report.problem({ file, line: 1, column: 1 }, '', message);
    return null;
  }
  const { root, problems } = readTree(file, text);
  for (const { message, ...at } of problems) report.problem(at, '', message);
  return root;
}

function fragmentAt(
  written: string,
  at: Position,
  chain: readonly string[],
  gathering: Gathering,
): Located | null {
  const refuse = (message: string): null => {
    gathering.report.problem(at, 'include', message);
    return null;
  };
  const led = leadsTo(written, at.file);
  if (!led.ok) return refuse(led.message);
  const { path } = led;
  if (chain.includes(path)) {
    const circle = [...chain.slice(chain.indexOf(path)), path].join(' → ');
    return refuse(`goes round in a circle: ${circle}. Take one of them out.`);
  }
  const known = gathering.known.get(path);
  if (known !== undefined) return known;
  if (chain.length > DEEPEST) {
    return refuse(`includes lead more than ${DEEPEST} files deep. Include this one further up.`);
  }
  if (gathering.known.size >= MOST_FILES) {
    return refuse(`more than ${MOST_FILES} files are included. Join some of them.`);
  }
  const read = gathering.files.read(path);
  if (!read.ok) {
    gathering.known.set(path, null);
    return refuse(
      `names a file that ${read.message}. Correct the path; it starts at the folder of this file.`,
    );
  }
  const whole = withFragments(path, read.text, [...chain, path], gathering);
  const fragment = whole === null ? null : asFragment(whole, gathering.report);
  gathering.known.set(path, fragment);
  return fragment;
}

/** What does not belong into a fragment is told, and left out so that it changes nothing. */
function asFragment(root: Located, report: Report): Located | null {
  checkShape(root, fragmentShape, report);
  if (root.kind !== 'map') return null;
  const strange = root.entries.filter(({ key }) => !FRAGMENT_KEYS.includes(key));
  return without(
    root,
    strange.map(({ key }) => key),
  );
}

function without(root: LocatedMap, keys: readonly string[]): LocatedMap {
  return { ...root, entries: root.entries.filter(({ key }) => !keys.includes(key)) };
}
