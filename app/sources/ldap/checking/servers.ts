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
const SOON_MS = 14 * 86_400_000;

export type ServersMet = { readonly findings: readonly Finding[]; readonly someLetUsIn: boolean };

type Met =
  | { readonly kind: 'in'; readonly dialect: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'out'; readonly url: string; readonly why: string; readonly isAccount: boolean };

/** @throws SourceUnavailable only where the check itself was ended */
export async function meetServers(settings: LdapSettings, check: SourceCheck): Promise<ServersMet> {
  const met: Met[] = [];
  for (const url of settings.urls) {
    check.note(`logging in at ${url}`);
    const latest = await meet(url, settings, check);
    met.push(latest);
    // Else the reads that follow would wait for it once more.
    if (latest.kind === 'out') settings.standing.failed(url);
    if (latest.kind === 'out' && latest.isAccount) break;
  }
  const someLetUsIn = met.some(({ kind }) => kind === 'in');
  const findings = met.flatMap((each) => (each.kind === 'in' ? each.findings : [refusal(each, someLetUsIn)]));
  return { findings: [...findings, ...ofOneKind(met), ...clientCertificate(settings, check)], someLetUsIn };
}

async function meet(url: string, settings: LdapSettings, check: SourceCheck): Promise<Met> {
  const alone = { ...settings, urls: [url], standing: createStanding(settings.now) };
  const before = check.elapsed();
  try {
    const { connection, dialect, close } = await openSession(alone, check.signal);
    await close();
    const ms = check.elapsed() - before;
    const shows = settings.tls === 'none' ? 'logged in, without TLS' : 'logged in over TLS';
    const findings = [
      { ...good(nameOf(url), shows), ms },
      ...connection.warnings.map((warning) => lacking('account', 'is let in', warning)),
      ...certificate(`certificate of ${url}`, connection.certificateEnds, check.now()),
    ];
    return { kind: 'in', dialect: dialect.title, findings };
  } catch (error) {
    if (!(error instanceof SourceUnavailable) || check.signal.aborted) throw error;
    return { kind: 'out', url, why: error.message, isAccount: error.cause instanceof LogInRefused };
  }
}

function nameOf(url: string): string {
  return `server ${url}`;
}

function refusal({ url, why, isAccount }: Extract<Met, { kind: 'out' }>, someLetUsIn: boolean): Finding {
  if (isAccount) return wrong(nameOf(url), why, 'no server was asked after it, lest the account be locked');
  return someLetUsIn
    ? lacking(nameOf(url), why, 'it is passed over; mend it before the others fail')
    : wrong(nameOf(url), why, 'nothing can be read');
}

/** People have other ids at another kind of server. */
function ofOneKind(met: readonly Met[]): readonly Finding[] {
  const kinds = new Set(met.flatMap((each) => (each.kind === 'in' ? [each.dialect] : [])));
  if (kinds.size < 2) return [];
  const advice =
    'one source is one directory: at the other kind everybody would be new; make it a source of its own';
  return [wrong('servers', `of different kinds: ${[...kinds].join(', ')}`, advice)];
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
