/**
 * The environments of a mapping: `environments: { test: { … } }` holds what differs in each, laid over the file like a
 * fragment that wins. Which one counts is chosen outside the file; all of them are checked each time, so that a mistake
 * in production's part shows in the test.
 */
import { didYouMean } from './did-you-mean.ts';
import { laidOver } from './merge-tree.ts';
import type { Report } from './report.ts';
import { ENVIRONMENT_KEYS, ENVIRONMENT_NAME, ENVIRONMENT_NAME_RULE } from './schema.ts';
import { entryOf, type Located, type LocatedEntry, type LocatedMap, readTree } from './yaml-tree.ts';

/** A mapping as it is in one environment, as a tree. */
export type Variant = {
  readonly root: Located;
  /** Whether this is the one that counts. */
  readonly isChosen: boolean;
};

/**
 * @param chosen the environment that this installation runs in; null where none is named
 * @returns none is chosen where the file has no such environment, which is reported
 */
export function variantsOf(root: Located, chosen: string | null, report: Report): readonly Variant[] {
  const environments = entryOf(root, 'environments');
  if (root.kind !== 'map' || environments === undefined) return [{ root, isChosen: true }];
  const base: LocatedMap = { ...root, entries: root.entries.filter(({ key }) => key !== 'environments') };
  const { value, keyAt } = environments;
  if (value.kind !== 'map') {
    report.problem(value.at, 'environments', 'must be a map of environments, each with what differs there.');
    return [{ root: base, isChosen: true }];
  }
  const overlays = value.entries;
  for (const overlay of overlays) checkOverlay(overlay, report);
  const names = overlays.map(({ key }) => key);
  if (chosen !== null && !names.includes(chosen)) {
    const mend = didYouMean(chosen, names) || ` Add it: ${chosen}: {}.`;
    const message = `has no "${chosen}", which landbridge.yaml or LANDBRIDGE_ENVIRONMENT chooses.${mend}`;
    report.problem(keyAt, 'environments', message);
  }
  const laid = overlays.map((overlay) => ({
    root: laidOver(base, { ...base, entries: differencesIn(overlay) }, 'of-under'),
    isChosen: overlay.key === chosen,
  }));
  // Where an environment is chosen, the file alone counts nowhere: what it lacks may stand in each of them.
  return chosen === null ? [{ root: base, isChosen: true }, ...laid] : laid;
}

/** The environments that a mapping file describes. */
export function environmentsOf(file: string, text: string): readonly string[] {
  const node = entryOf(readTree(file, text).root ?? undefined, 'environments')?.value;
  return node?.kind === 'map' ? node.entries.map(({ key }) => key) : [];
}

/** Without what cannot differ. */
function differencesIn({ value }: LocatedEntry): readonly LocatedEntry[] {
  return value.kind === 'map' ? value.entries.filter(({ key }) => ENVIRONMENT_KEYS.includes(key)) : [];
}

function checkOverlay({ key: name, keyAt, value }: LocatedEntry, report: Report): void {
  const field = `environments.${name}`;
  if (!ENVIRONMENT_NAME.test(name)) {
    report.problem(keyAt, field, `cannot be used: ${ENVIRONMENT_NAME_RULE}. Rename it.`);
  }
  if (value.kind !== 'map') {
    const message = 'must be a map of what differs there. Write {} where nothing does.';
    report.problem(value.at, field, message);
    return;
  }
  for (const { key, keyAt: at } of value.entries) {
    if (ENVIRONMENT_KEYS.includes(key)) continue;
    const mend = didYouMean(key, ENVIRONMENT_KEYS) || ` Known here are ${ENVIRONMENT_KEYS.join(', ')}.`;
    report.problem(at, `${field}.${key}`, `cannot differ between environments.${mend}`);
  }
}
