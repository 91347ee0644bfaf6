/** The mappings that docs/mappings.md tells a new user to write do what the page says of them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatMappingProblem, loadMapping, type WrittenMapping } from '../../app/mapping/index.ts';
import { person } from '../mapping/people.ts';

const PAGE = readFileSync('docs/mappings.md', 'utf8');
const FILE = 'mappings/crm.yaml';
const HOUSES = 'house,zone,country\nBerlin,Europe/Berlin,DE\nDublin,Europe/Dublin,IE\n';
const NOW = new Date('2026-03-01T12:00:00Z');

function blocksWith(text: string): readonly string[] {
  const blocks = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks.filter((block) => block.includes(text));
}

function loaded(text: string): WrittenMapping {
  const result = loadMapping(FILE, text, {
    files: {
      read: (path) =>
        path === 'mappings/houses.csv'
          ? { ok: true, text: HOUSES }
          : { ok: false, message: 'does not exist' },
    },
    environment: null,
    target: () => null,
    source: () => null,
  });
  if (!result.ok) throw new Error(result.problems.map(formatMappingProblem).join('\n'));
  expect(result.warnings.map(formatMappingProblem)).toEqual([]);
  return result.mapping;
}

/** What `landbridge mappings test` shows. */
function faults(mapping: WrittenMapping): readonly string[] {
  return mapping.tests.flatMap((one) =>
    one.faults(NOW).map((fault) => formatMappingProblem({ ...fault, message: fault.shown })),
  );
}

test('the first mapping shows what comes out, as the page says, and passes once that is taken over', () => {
  const [first = ''] = blocksWith('version: 1');
  const shown = faults(loaded(first));
  expect(shown).toHaveLength(4);
  const [, quoted = ''] = /^(mappings\/crm\.yaml:\d+:\d+ test .*)$/m.exec(PAGE) ?? [];
  expect(shown).toContain(quoted);
  const [outcome = ''] = blocksWith("    account:\n      externalId: '4711'");
  expect(faults(loaded(first.replace('    account: {}\n', outcome)))).toEqual([]);
});

test('a slip in the first mapping is told as the page says', () => {
  const [first = ''] = blocksWith('version: 1');
  const result = loadMapping(FILE, first.replace('.lower()', '.lowr()'));
  const [, quoted = ''] = /^(mappings\/crm\.yaml:\d+:\d+ attributes\..*)$/m.exec(PAGE) ?? [];
  expect(result.ok ? [] : result.problems.map(formatMappingProblem)).toEqual([quoted]);
});

test('the mapping with what is wanted most passes its own tests', () => {
  const [, wanted = ''] = blocksWith('version: 1');
  const mapping = loaded(wanted);
  expect(mapping.tests.length).toBe(3);
  expect(faults(mapping)).toEqual([]);
});

test('whoever has no end date is active from their first day, by the example of an account that comes and goes', () => {
  const [example = ''] = blocksWith('# the account exists seven days before');
  const head = 'version: 1\nsource: corp\ntarget: crm\nresource: User\nmatch: [userName]\n';
  const mapping = loaded(`${head}${example}  userName: '= e.mail'\n`);
  const began = { mail: 'ada@example.com', startDate: '2026-03-01', zone: 'Europe/Paris' };
  const active = (attributes: Record<string, string>) => {
    const mapped = mapping.map(person(attributes), NOW);
    return mapped.kind === 'in-scope' ? mapped.user['active'] : mapped.kind;
  };
  expect(active(began)).toBe(true);
  expect(active({ ...began, endDate: '2026-02-28' })).toBe(false);
  expect(active({ ...began, startDate: '2026-03-08' })).toBe(false);
  expect(active({ ...began, startDate: '2026-03-09' })).toBe('out-of-scope');
});

/** Those that end with attributes; what a mapping needs besides is added. */
const PARTS = blocksWith('attributes:').filter(
  (block) => !block.startsWith('version:') && block.match(/^[a-z]+:/gm)?.at(-1) === 'attributes:',
);

test.each(PARTS)('what the page shows can be written: %s', (part) => {
  const lacks = (line: string) => !new RegExp(`^ *${line.split(':')[0]?.trim()}:`, 'm').test(part);
  const head = ['version: 1', 'source: corp', 'target: crm', 'resource: User', 'match: [userName]'];
  const attributes = ["  userName: '= id'", '  active: true'];
  const lines = [...head.filter(lacks), part.trimEnd(), ...attributes.filter(lacks)];
  const result = loadMapping(FILE, `${lines.join('\n')}\n`);
  expect(result.ok ? [] : result.problems.map(formatMappingProblem)).toEqual([]);
});

test('and these are most of its examples', () => {
  expect(PARTS.length).toBeGreaterThan(5);
});
