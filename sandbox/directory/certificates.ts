/**
 * Makes an authority and a server certificate for loopback with the openssl command. For a directory on this machine
 * and nothing else: the keys lie in a folder that goes away with it.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Certificates = { readonly caFile: string; readonly certFile: string; readonly keyFile: string };

const DAYS = '30';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @param address of the server, beside the name `localhost` */
export async function makeCertificates(folder: string, address = '127.0.0.1'): Promise<Certificates> {
  const at = (name: string) => join(folder, name);
  const [caFile, caKey, certFile, keyFile] = [at('ca.pem'), at('ca.key'), at('server.pem'), at('server.key')];
  const [request, extensions] = [at('server.csr'), at('server.ext')];
  await writeFile(extensions, `subjectAltName=DNS:localhost,IP:${address}\nextendedKeyUsage=serverAuth\n`);
  await openssl([
    'req',
    '-x509',
    ...NEW_KEY,
    '-days',
    DAYS,
    '-keyout',
    caKey,
    '-out',
    caFile,
    '-subj',
    '/CN=Sandbox CA',
  ]);
  await openssl(['req', ...NEW_KEY, '-keyout', keyFile, '-out', request, '-subj', '/CN=localhost']);
  const signing = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-days', DAYS, '-extfile', extensions];
  await openssl(['x509', '-req', '-in', request, '-out', certFile, ...signing]);
  return { caFile, certFile, keyFile };
}

async function openssl(args: readonly string[]): Promise<void> {
  try {
    await run('openssl', args);
  } catch (cause) {
    throw new Error('openssl did not make the certificates. Is it installed? Run: npm run setup', { cause });
  }
}
