/**
 * Who is asking: basic sign-ins given at the start, and bearer tokens minted from them.
 *
 * Neither passwords nor token texts are kept, only their SHA-256: a token can be shown once, when it is made. Tokens
 * do not expire; a user sees and revokes their own. It never counts requests (`rate-window.ts` does, per user).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { ScimError } from './scim-error.ts';

export type SignIn = { readonly user: string; readonly password: string };
export type Caller = { readonly user: string; readonly by: 'basic' | 'bearer' };
export type Token = {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly description: string;
  readonly createdOn: string;
};

export type CredentialSettings = {
  readonly signIns: readonly SignIn[];
  readonly now: () => Date;
  readonly nextId: () => string;
  readonly randomText: () => string;
};

export class Credentials {
  private readonly passwordHashes: ReadonlyMap<string, string>;
  private readonly tokens = new Map<string, Token>();
  private readonly settings: CredentialSettings;

  constructor(settings: CredentialSettings) {
    this.settings = settings;
    this.passwordHashes = new Map(
      settings.signIns.map(({ user, password }) => [user.toLowerCase(), hashOf(password)]),
    );
  }

  /** Reads an Authorization header. Anything that is not a known credential is nobody. */
  authenticate(header: string | undefined): Caller | null {
    const [, scheme = '', credential = ''] = /^(\S+) +(\S+)$/.exec(header ?? '') ?? [];
    if (scheme.toLowerCase() === 'basic') return this.bySignIn(credential);
    if (scheme.toLowerCase() === 'bearer') return this.byToken(credential);
    return null;
  }

  /** Makes a token. @returns the only answer that ever holds its text */
  mint(user: string, description: string): { readonly token: Token; readonly text: string } {
    const text = this.settings.randomText();
    const createdOn = this.settings.now().toISOString();
    const token = { id: this.settings.nextId(), user, hash: hashOf(text), description, createdOn };
    this.tokens.set(token.id, token);
    return { token, text };
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

  clear(): void {
    this.tokens.clear();
  }

  restore(tokens: readonly Token[]): void {
    for (const token of tokens) this.tokens.set(token.id, token);
  }

  private bySignIn(credential: string): Caller | null {
    const decoded = Buffer.from(credential, 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    const user = decoded.slice(0, Math.max(colon, 0)).toLowerCase();
    const known = this.passwordHashes.get(user);
    return known && sameHash(known, hashOf(decoded.slice(colon + 1))) ? { user, by: 'basic' } : null;
  }

  private byToken(text: string): Caller | null {
    const hash = hashOf(text);
    const token = this.allTokens().find((known) => sameHash(known.hash, hash));
    return token ? { user: token.user, by: 'bearer' } : null;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameHash(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
}
