/**
 * Logs in at each configured server by itself, not only at the first that works: one that is spare is needed on the day
 * when nobody has time to mend it. Once the account itself is refused, no further server is asked, for that would bring
 * it nearer to being locked.
 */
import { X509Certificate } from 'node:crypto';
import { SourceUnavailable } from '../../../errors.ts';
import { type Finding, good, lacking, type SourceCheck, wrong } from '../../checking/report.ts';
import { LogInRefused } from '../connection/failures.ts';
import { createStanding } from '../connection/standing.ts';
import type { LdapSettings } from '../options.ts';
import { openSession } from '../session.ts';

/** Less than this, and a certificate should be renewed. */
const SOON_MS = 30 * 86_400_000;

type Met = { readonly findings: readonly Finding[]; readonly dialect: string | null; readonly end: boolean };

/** @throws SourceUnavailable only where the check itself was ended */
export async function serverFindings(
  settings: LdapSettings,
  check: SourceCheck,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const dialects = new Set<string>();
  for (const url of settings.urls) {
    check.note(`logging in at ${url}`);
    const met = await meet(url, settings, check);
    findings.push(...met.findings);
    if (met.dialect !== null) dialects.add(met.dialect);
    if (met.end) break;
  }
  if (dialects.size > 1) {
    const advice =
      'a source is one directory: people of another kind of server have other ids, so that all would be new there';
    findings.push(wrong('servers', `of different kinds: ${[...dialects].join(', ')}`, advice));
  }
  return [...findings, ...clientCertificate(settings, check)];
}

async function meet(url: string, settings: LdapSettings, check: SourceCheck): Promise<Met> {
  const alone = { ...settings, urls: [url], standing: createStanding(settings.now) };
  const what = `server ${url}`;
  const before = check.elapsed();
  try {
    const { connection, dialect, close } = await openSession(alone, check.signal);
    await close();
    const ms = check.elapsed() - before;
    const findings = [
      { ...good(what, settings.tls === 'none' ? 'logged in, without TLS' : 'logged in over TLS'), ms },
      ...connection.warnings.map((warning) => lacking('account', 'is let in', warning)),
      ...certificate(`certificate of ${url}`, connection.certificateEnds, check.now()),
    ];
    return { findings, dialect: dialect.title, end: false };
  } catch (error) {
    if (!(error instanceof SourceUnavailable) || check.signal.aborted) throw error;
    const isAccount = error.cause instanceof LogInRefused;
    const advice = isAccount
      ? 'no server was asked after it, lest the account be locked'
      : 'it is passed over as long as another server works';
    return { findings: [wrong(what, error.message, advice)], dialect: null, end: isAccount };
  }
}

function clientCertificate(
  { clientCertificate: shown }: LdapSettings,
  check: SourceCheck,
): readonly Finding[] {
  if (shown === undefined) return [];
  return certificate('our client certificate', endOf(shown().cert), check.now());
}

function endOf(pem: string): Date {
  return new Date(new X509Certificate(pem).validTo);
}

function certificate(what: string, ends: Date | null, now: Date): readonly Finding[] {
  if (ends === null) return [];
  const shows = `valid until ${ends.toISOString().slice(0, 10)}`;
  const left = ends.getTime() - now.getTime();
  return [
    left > SOON_MS
      ? good(what, shows)
      : lacking(what, shows, 'renew it before that: nothing is read after it'),
  ];
}
