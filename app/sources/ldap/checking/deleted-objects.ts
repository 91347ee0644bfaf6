/** Whether deletions show in Active Directory, which keeps what was deleted where few accounts may look. */
import { type Finding, good, lacking } from '../../checking/report.ts';
import { contextsOf, deletedUnseen, maySeeDeleted } from '../tracking/domain.ts';
import type { Scene } from './scene.ts';

export async function deletedFindings({ session }: Scene): Promise<readonly Finding[]> {
  if (session.dialect.name !== 'active-directory') return [];
  const findings: Finding[] = [];
  for (const context of contextsOf(session)) {
    const what = `deleted objects of ${context}`;
    const seen = await maySeeDeleted(session, context);
    findings.push(seen ? good(what, 'show') : lacking(what, 'do not show', deletedUnseen(session, context)));
  }
  return findings;
}
