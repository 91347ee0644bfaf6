/**
 * Whether a change moved more entries than the one it names: the rename of a branch moves everybody below it, and a
 * change log has a record of the branch alone. Whoever cannot be looked at may have been one.
 */
import type { Filter } from 'ldapts';
import type { StableId } from '../../../person/anchor.ts';
import { isWithin, parseDn } from '../../../person/dn.ts';
import { toRecord } from '../record.ts';
import type { Session } from '../session.ts';
import { valuesOf } from '../values/attributes.ts';
import type { Change } from './changelog.ts';
import { byIds } from './ids.ts';

/** @throws SourceUnavailable where the directory cannot tell */
export async function hasMovedBranch(session: Session, changes: readonly Change[]): Promise<boolean> {
  const gone = new Set(changes.filter(({ kind }) => kind === 'delete').map(({ target }) => target));
  const moved = new Set(changes.filter((change) => concerns(session, change)).map(({ target }) => target));
  const looked = [...moved].filter((id) => !gone.has(id));
  const leaves = new Set<StableId>();
  for (const filter of byIds(session, looked)) await addLeaves(session, filter, leaves);
  return looked.some((id) => !leaves.has(id));
}

/** Renames that begin or end where people or groups are read. */
function concerns({ people, groups }: Session, { kind, dn, newParent }: Change): boolean {
  if (kind !== 'modrdn') return false;
  const bases = groups === null ? [people.base] : [people.base, groups.base];
  return bases.some((base) => isWithin(dn, base) || (newParent !== null && isWithin(newParent, base)));
}

/** Those that are found anywhere in this part of the directory, with nothing below them. */
async function addLeaves(session: Session, filter: Filter, leaves: Set<StableId>): Promise<void> {
  const { dialect } = session;
  const attributes = [dialect.id.attribute, 'numSubordinates'];
  for await (const page of session.pages({ base: suffixOf(session), scope: 'sub', filter, attributes })) {
    for (const entry of page.entries) {
      const { stableId, attributes: values } = toRecord(entry, dialect);
      // Told of every entry by name; whoever does not show it may be anything.
      const [below] = valuesOf(values, 'numSubordinates');
      if (stableId !== null && below === '0') leaves.add(stableId);
    }
  }
}

/** The naming context that people stand in: somebody who has left may stand outside the base for look-ups. */
function suffixOf({ server, people, settings }: Session): string {
  const holding = server.values('namingContexts').filter((context) => isWithin(people.base, context));
  const [longest] = holding.sort((a, b) => (parseDn(b)?.length ?? 0) - (parseDn(a)?.length ?? 0));
  return longest ?? settings.lookupBase;
}
