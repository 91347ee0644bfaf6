/**
 * The pages that people read are held to the code: links lead somewhere, the map shows every room, and the table of
 * dependencies is the one that is installed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const DOCS = readdirSync('docs').filter((name) => name.endsWith('.md'));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...DOCS.map((name) => `docs/${name}`)];

/** A page without its code blocks, which hold examples and drawings. */
function prose(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
}

function linksIn(page: string): readonly string[] {
  // Code in a line may hold what looks like a link, such as a pattern.
  const links = [
    ...prose(page)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link = '']) => link);
  return links.filter((link) => !/^(https?|mailto):/.test(link));
}

/** The anchor that GitHub gives a heading. */
function anchorsIn(page: string): readonly string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** @returns what is wrong with a link, null where it leads somewhere */
function fault(page: string, link: string): string | null {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return `${page}: ${link} leads to no file`;
  if (anchor === undefined || !file.endsWith('.md') || anchorsIn(file).includes(anchor)) return null;
  return `${page}: ${link} leads to no heading`;
}

describe('a reader of the pages', () => {
  test.each(PAGES)('%s: finds a file and heading behind every link', (page) => {
    expect(linksIn(page).flatMap((link) => fault(page, link) ?? [])).toEqual([]);
  });

  test('finds every page of docs/ in its index', () => {
    const listed = linksIn('docs/README.md');
    expect(DOCS.filter((name) => name !== 'README.md' && !listed.includes(name))).toEqual([]);
  });
});

test('the map of the house shows every folder of app/', () => {
  const map = readFileSync('CONTRIBUTING.md', 'utf8');
  const folders = readdirSync('app', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(folders.filter((folder) => !new RegExp(`^\\| \`${folder}\` +\\|`, 'm').test(map))).toEqual([]);
});

test('files that the contributor is sent to are there', () => {
  const named = [...prose('CONTRIBUTING.md').matchAll(/`((?:app|workers|sandbox|test)\/[\w/.-]+\.ts)`/g)].map(
    ([, file = '']) => file,
  );
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test('architecture.md names each runtime dependency with the licence it is installed under', () => {
  const { dependencies } = readJson('package.json') as { dependencies: Record<string, string> };
  const installed = Object.keys(dependencies).map((name) => [name, licenceOf(name)]);
  const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| `(\S+)` +\| (\S+) +\| \S.*\|$/gm);
  const named = [...rows].map(([, name, licence]) => [name, licence]);
  expect(named).toEqual(installed);
});

type Manifest = { readonly license?: string; readonly licenses?: readonly { readonly type: string }[] };

function licenceOf(name: string): string {
  const { license, licenses } = readJson(`node_modules/${name}/package.json`) as Manifest;
  return license ?? licenses?.map(({ type }) => type).join(' or ') ?? 'none';
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
