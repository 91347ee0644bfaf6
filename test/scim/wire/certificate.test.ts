import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClient, type HttpClient, type HttpRequest } from '../../../app/scim/wire/client.ts';
import { failureOf } from '../set-up.ts';

const READ: HttpRequest = {
  method: 'GET',
  path: '/',
  what: 'GET at t',
  writes: false,
  authorization: 'Basic eA==',
};
const never = new AbortController().signal;
const clients: HttpClient[] = [];

afterEach(() => Promise.all(clients.splice(0).map((made) => made.close())));

function client(origin: string, ca?: string): HttpClient {
  const made = createClient({ origin, version: '1.2.3', ...(ca === undefined ? {} : { ca }) });
  clients.push(made);
  return made;
}

describe('a server with a certificate of its own CA', () => {
  test('is refused as misconfigured until its CA is given, whatever the environment allows', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { key, cert } = selfSigned();
    const tls = createServer({ key, cert }, (_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const origin = `https://localhost:${(tls.address() as AddressInfo).port}`;
    const failure = await failureOf(client(origin).send(READ, never));
    expect(failure).toMatchObject({ name: 'TargetUnusable', why: 'misconfigured' });
    expect(String(failure)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await client(origin, cert).send(READ, never)).toMatchObject({ status: 200, text: '{}' });
    tls.closeAllConnections();
    await new Promise((resolve) => tls.close(resolve));
  });
});

function selfSigned(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    const files = ['-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
