/**
 * An installation of one example mapping as it is shipped, with people of whom a source says exactly what a test says:
 * for the incidents of `test/cases`, through the mapping to the request that the target received.
 */
import { type Entry, toAttributes } from '../../app/person/entry.ts';
import type { Outcome } from '../../app/sync/provisioning/outcome.ts';
import { provision } from '../../app/sync/provisioning/provision.ts';
import { absorbEntry } from '../../app/sync/reading/absorb.ts';
import { exampleMapping } from './example-mapping.ts';
import { entryOf, type Rig, startRig } from './rig.ts';

const TARGET = 'agileplace';

export type Values = Readonly<Record<string, string | readonly string[]>>;

export type Case = Rig & {
  /** @returns what became of the person, and each warning as `active: cannot be told` */
  tell(id: string, values: Values): Promise<{ outcome: Outcome; warnings: readonly string[] }>;
  /** Method and body of each write since the last look. */
  sent(): Promise<readonly (readonly [method: string, body: unknown])[]>;
  /** The clock says so from here on. */
  turnTo(time: string): void;
};

/**
 * @param example the file's name, without its ending
 * @param groups that everybody is in
 */
export async function startCase(
  example: string,
  profile: string,
  groups: NonNullable<Entry['memberOf']> = [],
): Promise<Case> {
  const mapping = { ...exampleMapping(example).mapping, source: 'corp', target: TARGET };
  const rig = await startRig({ profile, mapping, timeoutMs: 10_000 });
  return {
    ...rig,
    async tell(id, values) {
      const attributes = toAttributes(
        Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]),
      );
      await absorbEntry('corp', { ...entryOf(id), attributes, memberOf: groups }, rig.reading);
      const warnings: string[] = [];
      const mappingWarning = ({ attribute, message }: { attribute: string; message: string }): void => {
        warnings.push(`${attribute}: ${message.split(/[:,]/)[0]}`);
      };
      const deps = { ...rig.deps, signals: { ...rig.deps.signals, mappingWarning } };
      const work = { key: await rig.due(id), lastAttempt: true };
      return { outcome: await provision(work, deps, new AbortController().signal), warnings };
    },
    async sent() {
      const writes = await rig.writes();
      await rig.sandbox.clearJournal();
      return writes.map(({ method, body }) => [method, body]);
    },
    turnTo: (time) => rig.pass(Date.parse(time) - rig.now().getTime()),
  };
}
