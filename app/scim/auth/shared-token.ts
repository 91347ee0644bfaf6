/**
 * A token that Landbridge gets for itself, once for all workers of all processes, and keeps in a vault (O-19).
 *
 * However many need one, one of them gets it: in a process by one flight that the others join, and over processes under
 * a lease, after a second look into the vault. A token is thrown away only by whoever was refused with that very token.
 * How a token is made stands in `minted.ts` and `oauth2.ts`.
 *
 *   the kept token                          what happens
 *   ─────────────────────────────────────   ──────────────────────────────────────────────────────────────
 *   good                                    used
 *   ageing                                  replaced; used meanwhile, and where no other can be had
 *   over, none, or made for somebody else   replaced before anything is sent
 *   refused (401)                           replaced; but where it is new and has never worked, another one would be
 *                                           refused as well, so the target pauses (O-19 b)
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseLost, RateLimited, TargetUnavailable } from '../../errors.ts';
import type { Leases, TokenVault } from '../../store/ports/index.ts';
import type { Call } from '../target.ts';
import { type Authentication, bearer } from './authentication.ts';
import { fingerprint, formatKept, freshness, type KeptToken, parseKept } from './kept-token.ts';
import { patiently } from './patiently.ts';

/** A token that was just made. */
export type NewToken = Pick<KeptToken, 'text' | 'id' | 'expiresAt'>;

export type SharedTokenOptions = {
  readonly target: string;
  readonly vault: TokenVault;
  readonly leases: Leases;
  /** Longer than getting a token may take. */
  readonly leaseMs: number;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** How a token is made. */
export type TokenSource = {
  /** The token in words, for messages. */
  readonly what: string;
  /** Who it is made for, and for what: where that changes, a kept token is not used any more. */
  readonly madeFor: readonly string[];
  /** @throws TargetUnusable, TargetUnavailable, RateLimited */
  obtain(call: Call): Promise<NewToken>;
};

export type SharedToken = Authentication & {
  kept(): Promise<KeptToken | null>;
  /** Gets another token though one is kept. @returns the one that it replaces */
  renew(call: Call): Promise<KeptToken | null>;
  /** Has the next request get another one. */
  forget(): Promise<void>;
};

type Parts = SharedTokenOptions & { readonly source: TokenSource };
type Flight = { readonly signal: AbortSignal; readonly token: Promise<string> };

const LOOK_AGAIN_MS = 250;
/** As long as the first pause of a target (`app/context.ts`): the probe after it gets another token again. */
const NEW_FOR_MS = 30_000;

export function createSharedToken(source: TokenSource, options: SharedTokenOptions): SharedToken {
  const parts = { ...options, source };
  const credentialOf = (text: string) => bearer(source.what, text);
  let flight: Flight | null = null;
  let worked: string | null = null;

  async function another(refused: string | null, call: Call): Promise<string> {
    for (;;) {
      if (flight === null) {
        flight = { signal: call.signal, token: obtainOther(refused, parts, call) };
        try {
          return await flight.token;
        } finally {
          flight = null;
        }
      }
      const joined: Flight = flight;
      const text = await joined.token.catch((error: unknown) => {
        if (joined.signal.aborted || error instanceof LeaseLost) return null;
        throw error;
      });
      if (text !== null && text !== refused) return text;
    }
  }

  return {
    async current(call) {
      const kept = await usable(parts);
      if (kept !== null && freshness(kept, parts.now()) === 'good') return credentialOf(kept.text);
      return credentialOf(await another(null, call));
    },
    async replacement({ authorization }, call) {
      const refused = authorization.slice('Bearer '.length);
      const kept = await usable(parts);
      if (kept?.text === refused && isNew(kept, parts.now()) && worked !== fingerprint([refused]))
        return null;
      return credentialOf(await another(refused, call));
    },
    accepted({ authorization }) {
      // Its fingerprint, so that no token stays in memory.
      worked = fingerprint([authorization.slice('Bearer '.length)]);
    },
    kept: async () => parseKept(await parts.vault.read(parts.target)),
    renew: (call) => replaceKept(parts, call),
    forget: () => parts.vault.remove(parts.target),
  };
}

function isNew({ obtainedAt }: KeptToken, now: Date): boolean {
  return obtainedAt !== null && now.getTime() - obtainedAt.getTime() < NEW_FOR_MS;
}

/** The kept token, where it may be sent. */
async function usable({ vault, target, source, now }: Parts): Promise<KeptToken | null> {
  const kept = parseKept(await vault.read(target));
  if (kept === null || freshness(kept, now()) === 'over') return null;
  return kept.madeFor === null || kept.madeFor === fingerprint(source.madeFor) ? kept : null;
}

async function obtainOther(refused: string | null, parts: Parts, call: Call): Promise<string> {
  const { vault, target, now } = parts;
  const keptOther = async () => {
    const kept = await usable(parts);
    return kept === null || kept.text === refused ? null : kept;
  };
  const meanwhile = async () => (await keptOther())?.text ?? null;
  return await alone(parts, call, meanwhile, async () => {
    // Somebody may have got one between our look into the vault and our lease.
    const kept = await keptOther();
    if (kept !== null && freshness(kept, now()) === 'good') return kept.text;
    if (kept === null) await vault.remove(target);
    try {
      return await obtainAndKeep(kept === null ? 'patient' : 'once', parts, call);
    } catch (error) {
      if (kept !== null && (error instanceof TargetUnavailable || error instanceof RateLimited))
        return kept.text;
      throw error;
    }
  });
}

async function replaceKept(parts: Parts, call: Call): Promise<KeptToken | null> {
  return await alone(
    parts,
    call,
    async () => null,
    async () => {
      const replaced = parseKept(await parts.vault.read(parts.target));
      await obtainAndKeep('patient', parts, call);
      return replaced;
    },
  );
}

async function obtainAndKeep(how: 'patient' | 'once', parts: Parts, call: Call): Promise<string> {
  const { source, vault, target, now } = parts;
  const obtain = () => source.obtain(call);
  const token = await (how === 'once' ? obtain() : patiently(obtain, parts, call.signal));
  // Before it is kept: a token that cannot be sent would be found in the vault for ever.
  bearer(source.what, token.text);
  const madeFor = fingerprint(source.madeFor);
  await vault.write(target, formatKept({ ...token, madeFor, obtainedAt: now() }));
  return token.text;
}

/** Does the work as the only one of all processes, unless what another one does makes it needless. */
async function alone<T>(
  { leases, target, leaseMs }: Parts,
  call: Call,
  meanwhile: () => Promise<T | null>,
  work: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; waited <= leaseMs; waited += LOOK_AGAIN_MS) {
    const lease = await leases.acquire(`token:${target}`, leaseMs);
    if (lease !== null) return await work().finally(() => leases.release(lease));
    const found = await meanwhile();
    if (found !== null) return found;
    await sleep(LOOK_AGAIN_MS, undefined, { signal: call.signal }).catch(() => {
      throw new TargetUnavailable(`${target}: we stopped waiting for a token`);
    });
  }
  throw new TargetUnavailable(`${target}: another process has not finished getting a token`);
}
