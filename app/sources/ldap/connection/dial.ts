/**
 * Opens a connection to one server and protects it, each step within the time limit.
 *
 * It is never downgraded: where TLS is asked for, nothing is said in clear but the wish for StartTLS (RFC 4511 section
 * 4.14), a refusal of it is an error, and what a server has sent in clear beyond its consent is not believed.
 */
import net, { isIP } from 'node:net';
import tls, { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { ExtendedRequest } from 'ldapts';
import type { LdapSettings } from '../options.ts';
import { ask } from '../protocol/ask.ts';
import { type Channel, channelOver } from '../protocol/channel.ts';
import { resultError } from './failures.ts';
import { within } from './time-limit.ts';

const START_TLS = '1.3.6.1.4.1.1466.20037';

/** The first probe on a connection that is silent; the system decides after how many it is dead. */
const KEEP_ALIVE_MS = 30_000;

export type Dialled = {
  readonly channel: Channel;
  /** Until when the server's certificate is valid; null without TLS. */
  readonly certificateEnds: Date | null;
};

/** @throws NoAnswer, Stopped, or the error of the socket, of TLS or of the refusal */
export async function dial(url: string, settings: LdapSettings, signal: AbortSignal): Promise<Dialled> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { timeoutMs } = settings;
  const plain = net.connect({ host, port: port === '' ? usualPort(protocol) : Number(port) });
  // Whoever waits is told by other means; without anybody here, an error would end the process.
  plain.on('error', () => {});
  plain.setKeepAlive(true, KEEP_ALIVE_MS);
  plain.setNoDelay(true);
  const step = <T>(what: string, work: () => Promise<T>) =>
    within({ timeoutMs, signal, step: what }, () => plain.destroy(), work);
  await step('while connecting', () => opened(plain, 'connect'));
  if (settings.tls === 'none') return { channel: channelOver(plain), certificateEnds: null };
  if (settings.tls === 'starttls') await step('to the wish for StartTLS', () => agreeOnTls(plain));
  // Begun at once after the consent, so that nothing in clear can come in between.
  const encrypted = await step('in the TLS handshake', () => encrypt(plain, tlsOptionsFor(host, settings)));
  return {
    channel: channelOver(encrypted),
    certificateEnds: new Date(encrypted.getPeerCertificate().valid_to),
  };
}

async function encrypt(plain: net.Socket, options: ConnectionOptions): Promise<tls.TLSSocket> {
  const encrypted = tls.connect({ ...options, socket: plain });
  encrypted.on('error', () => {});
  await opened(encrypted, 'secureConnect');
  return encrypted;
}

function usualPort(protocol: string): number {
  return protocol === 'ldaps:' ? 636 : 389;
}

function opened(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
}

/** Of the consent to TLS, in bytes. Anybody on the way could have written it. */
const LONGEST_CONSENT = 65_536;

async function agreeOnTls(plain: net.Socket): Promise<void> {
  const channel = channelOver(plain, LONGEST_CONSENT);
  const answer = await ask(channel, (messageId) => new ExtendedRequest({ messageId, oid: START_TLS }));
  channel.handOver();
  if (answer.code !== 0) throw resultError(answer.code, answer.diagnostic);
}

function tlsOptionsFor(host: string, settings: LdapSettings): ConnectionOptions {
  const { ca, serverName, clientCertificate } = settings;
  const name = serverName ?? host;
  return {
    // An address may not be sent as SNI.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // Said outright: over an open socket, Node knows no host name and would check for "localhost".
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    ...(ca === undefined ? {} : { ca }),
    ...clientCertificate?.(),
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  };
}
