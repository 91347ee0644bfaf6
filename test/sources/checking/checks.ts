/** Checks of sources as tests ask for them, and what they found in lines that a test can be written in. */
import type { Finding, SourceCheck, SourceReport } from '../../../app/sources/checking/report.ts';
import { never } from '../ldap/invented.ts';

export function checkOf(change: Partial<SourceCheck> = {}): SourceCheck {
  return {
    mapped: ['uid', 'mail', 'sn'],
    pushes: false,
    person: null,
    showValues: false,
    onPerson: () => {},
    note: () => {},
    elapsed: () => 0,
    now: () => new Date(),
    signal: never,
    ...change,
  };
}

/** `verdict what: shows`, in the order in which they are told. */
export function linesOf({ findings }: SourceReport): readonly string[] {
  return findings.map(({ verdict, what, shows }) => `${verdict} ${what}: ${shows}`);
}

/** What is not as it should be. */
export function troublesOf({ findings }: SourceReport): readonly string[] {
  return findings
    .filter(({ verdict }) => verdict === 'lacking' || verdict === 'wrong')
    .map(({ verdict, what, shows }) => `${verdict} ${what}: ${shows}`);
}

export function findingOf({ findings }: SourceReport, what: string): Finding | undefined {
  return findings.find((finding) => finding.what === what);
}
