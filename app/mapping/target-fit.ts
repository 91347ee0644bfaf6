/**
 * Holds the attributes of a mapping against what its target is known to take. What the target surely refuses is a
 * problem; what is only not documented for it is a warning, since services take more than their pages say.
 */
import { type AttributePath, formatPath, isUrn } from '../scim/resource.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Report } from './report.ts';
import { BEYOND_SCIM, KNOWN_EXTENSIONS } from './user-schema.ts';
import { entryOf, type Located, type LocatedEntry } from './yaml-tree.ts';

/** What is known of the users of one kind of target. */
export type TargetAttributes = {
  /** The profile's name, for messages. */
  readonly profile: string;
  /** URNs of the extensions that it knows. */
  readonly extensions: readonly string[];
  /** The attributes outside extensions that are documented for it; null where any of SCIM 1.1 may be taken. */
  readonly documented: readonly string[] | null;
  /** What only the target sets. */
  readonly readOnly: readonly AttributePath[];
  /** Attributes without which no account is made, beyond `userName`. */
  readonly required: readonly string[];
  /** Whether accounts can be looked for by a mail address. */
  readonly findsByMail: boolean;
};

export function checkTargetFit(root: Located, target: TargetAttributes, report: Report): void {
  if (!target.findsByMail) refuseMail(root, target, report);
  const attributes = entryOf(root, 'attributes');
  if (attributes?.value.kind !== 'map') return;
  for (const entry of attributes.value.entries) {
    if (isUrn(entry.key)) checkExtension(entry, target, report);
    else checkCore(entry, target, report);
  }
  for (const path of target.readOnly) warnOfReadOnly(attributes.value, path, target, report);
  for (const name of target.required) {
    if (entryOf(attributes.value, name) !== undefined) continue;
    const message = `${name} is not mapped, and targets with profile ${target.profile} make no account without. Map it.`;
    report.problem(attributes.keyAt, 'attributes', message);
  }
}

/** What cannot be asked would be taken for nobody. */
function refuseMail(root: Located, { profile }: TargetAttributes, report: Report): void {
  const match = entryOf(root, 'match')?.value;
  for (const item of match?.kind === 'list' ? match.items : []) {
    if (item.kind !== 'scalar' || item.value !== 'mail') continue;
    report.problem(
      item.at,
      'match',
      `targets with profile ${profile} find nobody by mail. Take mail out of match.`,
    );
  }
}

function checkCore({ key, keyAt }: LocatedEntry, target: TargetAttributes, report: Report): void {
  const { documented, profile } = target;
  if (documented?.includes(key) === true) return;
  const field = `attributes.${key}`;
  const owner = BEYOND_SCIM.get(key);
  if (owner !== undefined) {
    report.problem(keyAt, field, `is an attribute of ${owner} alone, not of profile ${profile}. Remove it.`);
  } else if (documented !== null) {
    const mend = `Documented are ${documented.join(', ')}.`;
    report.warning(
      keyAt,
      field,
      `is not documented for profile ${profile}, so the target may ignore or refuse it. ${mend}`,
    );
  }
}

/** Targets have extensions of their own, so one that is not known here may well be right. */
function checkExtension({ key, keyAt }: LocatedEntry, target: TargetAttributes, report: Report): void {
  const { extensions, profile, documented } = target;
  if (extensions.includes(key)) return;
  const others = [...extensions, ...KNOWN_EXTENSIONS.keys()].filter((urn) => urn !== key);
  const meant = didYouMean(key, others);
  if (meant === '' && documented === null) return;
  const known = extensions.length === 0 ? '' : ` Documented are ${extensions.join(', ')}.`;
  report.warning(
    keyAt,
    `attributes.${key}`,
    `is no extension that is documented for profile ${profile}.${meant || known}`,
  );
}

function warnOfReadOnly(
  attributes: Located,
  path: AttributePath,
  target: TargetAttributes,
  report: Report,
): void {
  const entry = path.reduce<LocatedEntry | undefined>(
    (above, name, depth) => entryOf(depth === 0 ? attributes : above?.value, name),
    undefined,
  );
  if (entry === undefined) return;
  const message = `is set by targets with profile ${target.profile} themselves. Remove it.`;
  report.warning(entry.keyAt, `attributes.${formatPath(path)}`, message);
}
