/**
 * `landbridge mappings explain`: how the mappings come to what they give for one person, who is known to the
 * installation's Redis, or stands in a file as the tests of a mapping write them. Sensitive values are masked. It writes
 * nothing.
 */
import { readFileSync } from 'node:fs';
import { loadInstallation } from '../installation.ts';
import { type Explanation, formatMappingProblem, readPerson, type WrittenMapping } from '../mapping/index.ts';
import type { Logger } from '../signals/log.ts';
import { peopleNamed } from '../sync/planning/people.ts';
import { waitingInWords } from '../sync/references.ts';
import { seenBy } from '../sync/seen.ts';
import { CannotStart } from './cannot-start.ts';
import { describeExplanation } from './mappings-explain-text.ts';
import { withPlanning } from './with-planning.ts';

export type MappingsExplainCommand = {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  /** `known`: a key, a stable id, a userName or a mail address. `file`: the path of a sample. */
  readonly person: { readonly known: string } | { readonly file: string };
  /** null: every target that people of the source go to. */
  readonly target: string | null;
  /** null: now. */
  readonly at: Date | null;
  readonly json: boolean;
  readonly write: (text: string) => void;
  readonly now: () => Date;
};

type Told = { readonly explanation: Explanation; readonly waitsFor: readonly string[] };

/** @throws CannotStart with why it cannot be told */
export async function mappingsExplainCommand(command: MappingsExplainCommand): Promise<void> {
  const { person, json, write } = command;
  const told = 'file' in person ? ofSample(person.file, command) : await ofKnown(person.known, command);
  write(
    json
      ? JSON.stringify(
          { explanations: told.map((one) => ({ ...one.explanation, waitsFor: one.waitsFor })) },
          null,
          2,
        )
      : told.map(({ explanation, waitsFor }) => describeExplanation(explanation, waitsFor)).join('\n\n'),
  );
}

async function ofKnown(name: string, command: MappingsExplainCommand): Promise<readonly Told[]> {
  const now = command.at ?? command.now();
  return await withPlanning(
    command,
    async (_deps, { config, mappings, stores }) => {
      const [key] = await peopleNamed([name], Object.keys(config.sources), stores);
      const identity = key === undefined ? null : await stores.identities.get(key);
      if (identity === null) throw new CannotStart(`Nobody is known as ${name} any more.`);
      const own = chosen(mappings, identity.source, command);
      return await Promise.all(
        own.map(async (mapping) => {
          const served = await stores.due.lastServed(mapping.target, identity.key);
          const waitsFor = (served?.waiting ?? []).map((one) => `${one.attribute} ${waitingInWords(one)}`);
          return { explanation: mapping.explain(await seenBy(mapping, identity, stores), now), waitsFor };
        }),
      );
    },
    'leave',
  );
}

/** Without Redis, and without the secrets that a start needs; whose person it is, the mappings say. */
function ofSample(path: string, command: MappingsExplainCommand): readonly Told[] {
  const now = command.at ?? command.now();
  const read = readPerson(path, textOf(path));
  if (!read.ok) throw new CannotStart(read.problems.map(formatMappingProblem).join('\n'));
  const loaded = loadInstallation(
    command.file,
    { REDIS_URL: 'redis://127.0.0.1:1', ...command.env },
    'leave',
  );
  if (!loaded.ok) throw new CannotStart(loaded.problems.join('\n'));
  const { mappings } = loaded.installation;
  return chosen(mappings, null, command).map((mapping) => ({
    explanation: mapping.explain(read.identity(mapping.source, now), now),
    waitsFor: [],
  }));
}

/** @param source null: any */
function chosen(
  mappings: readonly WrittenMapping[],
  source: string | null,
  { target }: MappingsExplainCommand,
): readonly WrittenMapping[] {
  const own = mappings.filter((mapping) => source === null || mapping.source === source);
  const wanted = own.filter((mapping) => target === null || mapping.target === target);
  if (wanted.length > 0) return wanted;
  const known = own.map((mapping) => mapping.target).join(', ');
  const whose = source === null ? 'No mapping leads' : `No mapping leads from ${source}`;
  throw new CannotStart(`${whose} to ${target ?? 'a target'}. Known: ${known === '' ? 'none' : known}.`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new CannotStart(
      `${path} cannot be read (${why}). Name a file with one person, as tests of a mapping write them.`,
    );
  }
}
