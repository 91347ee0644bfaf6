/** Asks a source until it is done or the source answers no more, and keeps what was found before that. */
import { SourceUnavailable } from '../../errors.ts';
import type { Finding, Sample, SourceReport } from './report.ts';

/**
 * @param questions put what they find into the list as they go
 * @throws what is no expected failure of a source
 */
export async function ask(questions: (findings: Finding[]) => Promise<Sample | null>): Promise<SourceReport> {
  const findings: Finding[] = [];
  try {
    return { findings, sample: await questions(findings), brokenOff: null };
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    return { findings, sample: null, brokenOff: error.message };
  }
}
