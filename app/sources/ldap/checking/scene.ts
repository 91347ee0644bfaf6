/** What each question to a directory is given: an open session, and who asks. */
import type { SourceCheck } from '../../checking/report.ts';
import type { Session } from '../session.ts';

export type Scene = { readonly session: Session; readonly check: SourceCheck };
