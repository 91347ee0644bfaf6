/**
 * Who is asking: sign-ins given at the start, and bearer tokens: some given at the start, others made from a sign-in.
 *
 * Neither passwords nor token texts are kept, only their SHA-256: a token can be shown once, when it is made. A minted
 * token does not expire; a user sees and revokes their own. It never counts requests (`limiter.ts` does).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { ScimError } from './scim-error.ts';

export type SignIn = { readonly user: string; readonly password: string };
/** `form`: by `client_id` and `client_secret` in the body, at the OAuth token endpoint alone. */
export type Caller = { readonly user: string; readonly by: 'basic' | 'bearer' | 'form' };
export type Token = {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly description: string;
  readonly createdOn: string;
  /** null: never. */
  readonly expiresOn: string | null;
};

export type CredentialSettings = {
  readonly signIns: readonly SignIn[];
  /** Tokens of the first sign-in that are there from the start and cannot be revoked. */
  readonly staticTokens: readonly string[];
  readonly tokenLifetimeSeconds: number;
  /** Which kinds open the SCIM endpoints. */
  readonly accepts: readonly Caller['by'][];
  readonly now: () => Date;
  readonly nextId: () => string;
  readonly randomText: () => string;
};

export class Credentials {
  private readonly passwordHashes: ReadonlyMap<string, string>;
  private readonly staticHashes: readonly string[];
  private readonly tokens = new Map<string, Token>();
  private readonly settings: CredentialSettings;
  private lifetimeSeconds: number;

  constructor(settings: CredentialSettings) {
    this.settings = settings;
    this.lifetimeSeconds = settings.tokenLifetimeSeconds;
    this.staticHashes = settings.staticTokens.map(hashOf);
    this.passwordHashes = new Map(
      settings.signIns.map(({ user, password }) => [user.toLowerCase(), hashOf(password)]),
    );
  }

  /** Reads an Authorization header. Anything that is not a known credential is nobody. */
  authenticate(header: string | undefined): Caller | null {
    const { scheme, credential } = readHeader(header);
    const { accepts } = this.settings;
    if (scheme === 'basic' && accepts.includes('basic')) return this.bySignIn(credential);
    if (scheme === 'bearer' && accepts.includes('bearer')) return this.byToken(credential);
    return null;
  }

  /**
   * An OAuth client, which is one of the sign-ins, by Authorization header or by form. In the header both halves are
   * form-encoded (RFC 6749, 2.3.1); a client that left that out is let in as well.
   */
  client(
    header: string | undefined,
    form: { readonly id?: string; readonly secret?: string },
  ): Caller | null {
    const { scheme, credential } = readHeader(header);
    if (scheme === 'basic') return this.bySignIn(credential) ?? this.bySignIn(decodedHalves(credential));
    const { id, secret } = form;
    if (header !== undefined || id === undefined || secret === undefined) return null;
    const user = this.userWith(id, secret);
    return user === null ? null : { user, by: 'form' };
  }

  /** Makes a token that does not expire. @returns the only answer that ever holds its text */
  mint(user: string, description: string): { readonly token: Token; readonly text: string } {
    return this.make(user, description, null);
  }

  /** Makes a token for an OAuth client. @returns its text and how many seconds it lives */
  grant(user: string): { readonly text: string; readonly expiresIn: number } {
    const expiresOn = new Date(this.settings.now().getTime() + this.lifetimeSeconds * 1000);
    const { text } = this.make(user, 'client credentials', expiresOn.toISOString());
    return { text, expiresIn: this.lifetimeSeconds };
  }

  /** For tokens granted from now on. */
  setLifetime(seconds: number): void {
    this.lifetimeSeconds = seconds;
  }

  tokensOf(user: string): readonly Token[] {
    return this.allTokens().filter((token) => token.user === user);
  }

  allTokens(): readonly Token[] {
    return [...this.tokens.values()];
  }

  /** @throws ScimError 404 */
  revoke(user: string, id: string): void {
    if (this.tokens.get(id)?.user !== user) throw new ScimError(404, 'There is no token with this id.');
    this.tokens.delete(id);
  }

  revokeAll(): void {
    this.tokens.clear();
  }

  clear(): void {
    this.revokeAll();
    this.lifetimeSeconds = this.settings.tokenLifetimeSeconds;
  }

  restore(tokens: readonly Token[]): void {
    for (const token of tokens) this.tokens.set(token.id, token);
  }

  private make(
    user: string,
    description: string,
    expiresOn: string | null,
  ): { readonly token: Token; readonly text: string } {
    const text = this.settings.randomText();
    const createdOn = this.settings.now().toISOString();
    const token = {
      id: this.settings.nextId(),
      user,
      hash: hashOf(text),
      description,
      createdOn,
      expiresOn,
    };
    this.tokens.set(token.id, token);
    return { token, text };
  }

  private bySignIn(credential: string): Caller | null {
    const decoded = Buffer.from(credential, 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    const user = this.userWith(decoded.slice(0, Math.max(colon, 0)), decoded.slice(colon + 1));
    return user === null ? null : { user, by: 'basic' };
  }

  private userWith(name: string, password: string): string | null {
    const user = name.toLowerCase();
    const known = this.passwordHashes.get(user);
    return known && sameHash(known, hashOf(password)) ? user : null;
  }

  private byToken(text: string): Caller | null {
    const hash = hashOf(text);
    const [first] = this.settings.signIns;
    if (first && this.staticHashes.some((known) => sameHash(known, hash)))
      return { user: first.user.toLowerCase(), by: 'bearer' };
    const now = this.settings.now().toISOString();
    const token = this.allTokens().find((known) => sameHash(known.hash, hash));
    if (!token || (token.expiresOn !== null && token.expiresOn <= now)) return null;
    return { user: token.user, by: 'bearer' };
  }
}

function readHeader(header: string | undefined): { readonly scheme: string; readonly credential: string } {
  const [, scheme = '', credential = ''] = /^(\S+) +(\S+)$/.exec(header ?? '') ?? [];
  return { scheme: scheme.toLowerCase(), credential };
}

function decodedHalves(credential: string): string {
  const halves = Buffer.from(credential, 'base64').toString('utf8').split(':');
  const plain = halves.map((half) => new URLSearchParams(`half=${half}`).get('half') ?? '');
  return Buffer.from(plain.join(':')).toString('base64');
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameHash(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
}
