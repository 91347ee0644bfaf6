/**
 * What `landbridge init` has to be told: by an option, by an answer where somebody sits at a terminal, or by what is
 * usual. Secrets are never typed in: it is asked where they are.
 */
import { isLoopback } from '../config/addresses.ts';
import { PROFILE_NAMES, type Profile, profileNamed } from '../scim/index.ts';
import { CannotStart } from './cannot-start.ts';

export type InitOptions = {
  readonly sourceUrl?: string;
  readonly sourceFile?: string;
  readonly sourceName?: string;
  readonly sourceCa?: string;
  readonly bindDn?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly base?: string;
  readonly idColumn?: string;
  readonly targetProfile?: string;
  readonly targetUrl?: string;
  readonly targetName?: string;
  readonly targetCa?: string;
  readonly targetUser?: string;
  readonly targetPassword?: string;
  readonly targetPasswordFile?: string;
  readonly token?: string;
  readonly tokenFile?: string;
};

/** Asks somebody at a terminal; null where nobody is there. @param usual what an empty answer means */
export type Ask = ((question: string, usual: string | null) => Promise<string>) | null;

export type LdapAnswers = {
  readonly kind: 'ldap';
  readonly name: string;
  readonly url: string;
  readonly tls: 'ldaps' | 'starttls' | 'none';
  readonly ca: string | null;
  readonly bindDn: string;
  /** `${env:LDAP_PASSWORD}`, `${file:/run/secrets/ldap}` */
  readonly password: string;
  /** null: what the directory says of itself. */
  readonly base: string | null;
};

export type FileAnswers = {
  readonly kind: 'file';
  readonly name: string;
  readonly path: string;
  /** The heading of the ids; null: the column that looks like it. */
  readonly id: string | null;
};

export type TargetAnswers = {
  readonly name: string;
  readonly profile: Profile;
  readonly url: string;
  readonly ca: string | null;
  readonly auth:
    | { readonly kind: 'bearer'; readonly token: string }
    | { readonly kind: 'basic' | 'minted'; readonly username: string; readonly password: string };
};

/** @throws CannotStart where something is not said and nobody is there to be asked */
export async function sourceAnswers(options: InitOptions, ask: Ask): Promise<LdapAnswers | FileAnswers> {
  const { sourceUrl, sourceFile, sourceName } = options;
  if (sourceFile !== undefined && sourceUrl !== undefined) {
    throw new CannotStart('Name one source: either --source-url or --source-file.');
  }
  const where =
    sourceFile ??
    sourceUrl ??
    (await answer('Where people are: ldaps://host, or a CSV or LDIF file', '--source-url', ask));
  if (!/^ldaps?:\/\//i.test(where)) {
    return { kind: 'file', name: sourceName ?? 'hr', path: where, id: options.idColumn ?? null };
  }
  return {
    kind: 'ldap',
    name: sourceName ?? 'corp',
    url: where,
    tls: tlsFor(where),
    ca: options.sourceCa ?? null,
    bindDn:
      options.bindDn ?? (await answer('The account that reads the directory, as a DN', '--bind-dn', ask)),
    password: await secret('its password', options.password, options.passwordFile, 'LDAP_PASSWORD', ask),
    base: options.base ?? null,
  };
}

/** @throws CannotStart as `sourceAnswers`, and where the target does not take what is offered */
export async function targetAnswers(options: InitOptions, ask: Ask): Promise<TargetAnswers> {
  const known = PROFILE_NAMES.join(', ');
  const named =
    options.targetProfile ?? (await answer(`The profile of the target (${known})`, '--target-profile', ask));
  const profile = profileNamed(named);
  if (profile === null) throw new CannotStart(`There is no profile ${named}. Known: ${known}.`);
  const url =
    options.targetUrl ??
    (await answer('Where its SCIM service begins: what stands before /Users', '--target-url', ask));
  return {
    name: options.targetName ?? profile.name,
    profile,
    url,
    ca: options.targetCa ?? null,
    auth: await authAnswers(profile, options, ask),
  };
}

async function authAnswers(profile: Profile, options: InitOptions, ask: Ask): Promise<TargetAnswers['auth']> {
  const takesName = profile.auth.includes('minted') || profile.auth.includes('basic');
  const isToken = options.token !== undefined || options.tokenFile !== undefined;
  const username =
    options.targetUser ??
    (isToken || !takesName || ask === null
      ? ''
      : await ask('Our account at the target; empty: a token is there', ''));
  if (username === '') {
    if (!profile.auth.includes('bearer')) throw unfit('a token', profile);
    return {
      kind: 'bearer',
      token: await secret('the token', options.token, options.tokenFile, 'SCIM_TOKEN', ask),
    };
  }
  if (!takesName) throw unfit('a user name and a password', profile);
  const { targetPassword, targetPasswordFile } = options;
  const kind = profile.auth.includes('minted') ? 'minted' : 'basic';
  const password = await secret('its password', targetPassword, targetPasswordFile, 'SCIM_PASSWORD', ask);
  return { kind, username, password };
}

function unfit(what: string, { name, auth }: Profile): CannotStart {
  return new CannotStart(
    `Targets with profile ${name} do not take ${what}, but ${auth.join(', ')}. See docs/credentials.md.`,
  );
}

/** A reference, as landbridge.yaml has it. */
async function secret(
  what: string,
  variable: string | undefined,
  file: string | undefined,
  usual: string,
  ask: Ask,
): Promise<string> {
  if (file !== undefined) return `\${file:${file}}`;
  if (variable !== undefined) return `\${env:${variable}}`;
  if (ask === null) return `\${env:${usual}}`;
  const said = await ask(`Where ${what} is: the name of an environment variable, or file:PATH`, usual);
  const [, path] = /^file:(.+)$/.exec(said) ?? [];
  return path === undefined ? `\${env:${said}}` : `\${file:${path.trim()}}`;
}

async function answer(question: string, option: string, ask: Ask): Promise<string> {
  const said = ask === null ? '' : (await ask(question, null)).trim();
  if (said === '') throw new CannotStart(`${question}: say it with ${option}.`);
  return said;
}

function tlsFor(url: string): LdapAnswers['tls'] {
  if (/^ldaps:/i.test(url)) return 'ldaps';
  return URL.canParse(url) && isLoopback(new URL(url)) ? 'none' : 'starttls';
}
