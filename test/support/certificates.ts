/** Authorities and certificates for tests, also such as nobody should accept, made with the openssl command. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type CertificateOrder = {
  readonly commonName: string;
  readonly use: 'serverAuth' | 'clientAuth';
  /** As `openssl ca` takes it. Default: long ago. */
  readonly from?: string;
  /** Default: in a long time. */
  readonly until?: string;
};

export type IssuedCertificate = { readonly cert: string; readonly key: string };

export type Authority = {
  /** PEM. */
  readonly ca: string;
  issue(order: CertificateOrder): Promise<IssuedCertificate>;
  /** Removes what it keeps on disk. */
  close(): Promise<void>;
};

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @param existing PEM files of an authority, such as that of a private directory. Default: a new one */
export async function openAuthority(existing?: {
  readonly caFile: string;
  readonly keyFile: string;
}): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'test-authority-'));
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const { caFile, keyFile } = existing ?? { caFile: 'ca.pem', keyFile: 'ca.key' };
  if (existing === undefined) {
    const subject = ['-subj', '/CN=Test Authority', '-days', '30'];
    await openssl('req', '-x509', ...KEY, '-keyout', keyFile, '-out', caFile, ...subject);
  }
  await writeFile(join(folder, 'index.txt'), '');
  await writeFile(join(folder, 'ca.cnf'), CONFIGURATION);
  let count = 0;
  return {
    ca: await readFile(existing === undefined ? join(folder, caFile) : caFile, 'utf8'),
    async issue({ commonName, use, from = '20200101000000Z', until = '20991231235959Z' }) {
      count += 1;
      const [key, request, cert] = [`${count}.key`, `${count}.csr`, `${count}.pem`];
      await openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${commonName}`);
      await openssl(
        ...['ca', '-config', 'ca.cnf', '-batch', '-notext', '-extensions', use],
        ...['-cert', caFile, '-keyfile', keyFile, '-in', request, '-out', cert],
        ...['-startdate', from, '-enddate', until],
      );
      return {
        cert: await readFile(join(folder, cert), 'utf8'),
        key: await readFile(join(folder, key), 'utf8'),
      };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

const CONFIGURATION = `[ca]
default_ca = authority
[authority]
database = index.txt
unique_subject = no
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
[serverAuth]
subjectAltName = DNS:localhost,IP:127.0.0.1
extendedKeyUsage = serverAuth
[clientAuth]
extendedKeyUsage = clientAuth
`;
