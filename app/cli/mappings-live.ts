/**
 * Asks sources and targets for the attributes that mappings name: whether a source's schema has them and how many of a
 * few hundred people do, and whether a target names them at /Schemas. It only reads, and shows no value. A target that
 * does not tell is no fault: discovery is never believed over a profile.
 */
import type { Config } from '../config/index.ts';
import type { Context } from '../context.ts';
import { SourceUnavailable, TargetUnavailable, TargetUnusable } from '../errors.ts';
import { ldapOptions } from '../installation.ts';
import type { WrittenMapping } from '../mapping/index.ts';
import { type AttributePath, formatPath, type Schema } from '../scim/index.ts';
import type { ListCall } from '../scim/target.ts';
import { startCounting } from '../sources/checking/census.ts';
import { counted, type Verdict } from '../sources/checking/report.ts';
import { surveyDirectory } from '../sources/ldap/index.ts';
import type { Source } from '../sources/source.ts';
import { namedInSchemas } from './schema-names.ts';
import { type PlanningCommand, readingCall, withPlanning } from './with-planning.ts';

export type LiveFinding = {
  /** `source corp`, `target crm` */
  readonly about: string;
  readonly what: string;
  readonly shows: string;
  readonly verdict: Verdict;
  readonly advice?: string;
};

/** At so many people of a source is looked. */
const SAMPLE = 300;

/** @throws CannotStart where the installation is not right, or has no Redis */
export async function liveFindings(
  command: Pick<PlanningCommand, 'file' | 'env' | 'log' | 'stop' | 'note'>,
): Promise<readonly LiveFinding[]> {
  return await withPlanning(
    command,
    async (deps, context) => {
      const found: LiveFinding[] = [];
      for (const [name, source] of Object.entries(context.config.sources)) {
        found.push(...(await ofSource(name, source, context, command.stop)));
      }
      const call = readingCall(command, deps);
      for (const mapping of context.mappings) found.push(...(await ofTarget(mapping, context, call)));
      return found;
    },
    'leave',
  );
}

type Looked = {
  readonly people: number;
  readonly more: boolean;
  readonly having: ReadonlyMap<string, number>;
  readonly knows: ((attribute: string) => boolean) | null;
  readonly meant: (attribute: string) => string | null;
};

async function ofSource(
  name: string,
  source: Config['sources'][string],
  context: Context,
  stop: AbortSignal,
): Promise<readonly LiveFinding[]> {
  const about = `source ${name}`;
  const reads = readBy(name, context.mappings);
  if (reads.length === 0) return [];
  try {
    const looked = await lookAt(name, source, context, stop);
    if (looked === null)
      return [{ about, what: 'cannot be asked,', shows: 'since it tells by events', verdict: 'told' }];
    return reads.map((attribute) => ({ about, ...attributeFinding(attribute, looked) }));
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    return [{ about, what: 'cannot be asked:', shows: error.message, verdict: 'wrong' }];
  }
}

/** Null for a source that cannot be asked. */
async function lookAt(
  name: string,
  source: Config['sources'][string],
  context: Context,
  stop: AbortSignal,
): Promise<Looked | null> {
  if (source.kind === 'ldap') {
    return await surveyDirectory(
      ldapOptions(name, source, context.mappings, () => new Date()),
      SAMPLE,
      stop,
    );
  }
  const read = context.source(name);
  return read === null ? null : await lookThrough(read, stop);
}

async function lookThrough(source: Source, stop: AbortSignal): Promise<Looked> {
  const counting = startCounting(() => {});
  let people = 0;
  for await (const item of source.read({ since: null, everyone: true }, stop)) {
    if (item.kind === 'end') break;
    counting.take(item);
    if (item.kind === 'person') people += 1;
    if (people === SAMPLE) break;
  }
  const { having } = counting.census();
  return { people, more: people === SAMPLE, having, knows: null, meant: () => null };
}

function readBy(source: string, mappings: readonly WrittenMapping[]): readonly string[] {
  return [...new Set(mappings.filter((one) => one.source === source).flatMap(({ reads }) => reads))];
}

function attributeFinding(name: string, { people, more, having, knows, meant }: Looked) {
  const what = `attribute ${name}`;
  if (knows !== null && !knows(name)) {
    const near = meant(name);
    const advice = `Nobody will ever have it: correct the mapping${near === null ? '' : `; did you mean ${near}?`}`;
    return { what, shows: 'is not in the schema', verdict: 'lacking' as const, advice };
  }
  const count = having.get(name.split(';')[0] ?? name) ?? 0;
  const whom = `${more ? 'the first ' : ''}${counted(people, 'person', 'people')}`;
  const shows = `is on ${count} of ${whom}`;
  if (count > 0 || people === 0)
    return { what, shows, verdict: count > 0 ? ('good' as const) : ('told' as const) };
  return {
    what,
    shows,
    verdict: 'lacking' as const,
    advice: 'Either nobody has it, or our account may not read it',
  };
}

async function ofTarget(
  { target, file, writes }: WrittenMapping,
  context: Context,
  call: ListCall,
): Promise<readonly LiveFinding[]> {
  const about = `target ${target}`;
  try {
    const schemas = await context.target(target).discovery.schemas(call);
    if (schemas === null || schemas.length === 0)
      return [{ about, what: 'does not tell', shows: 'which attributes it has', verdict: 'told' }];
    return writes.map((path) => ({ about, ...schemaFinding(path, schemas, file) }));
  } catch (error) {
    if (!(error instanceof TargetUnavailable || error instanceof TargetUnusable)) throw error;
    return [{ about, what: 'cannot be asked:', shows: error.message, verdict: 'wrong' }];
  }
}

function schemaFinding(path: AttributePath, schemas: readonly Schema[], file: string) {
  const what = formatPath(path);
  if (namedInSchemas(path, schemas)) return { what, shows: 'is in its schema', verdict: 'good' as const };
  const advice = `It may ignore or refuse what ${file} gives it`;
  return { what, shows: 'is not in its schema', verdict: 'lacking' as const, advice };
}
