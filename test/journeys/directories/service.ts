/** What a column does with Landbridge, whether it runs in this process or in its own. */
import type { TrackingName } from '../../../app/sources/ldap/tracking/names.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import type { Server, Way } from './server.ts';

/** How a read ended, and in which way it was done; null where it came to none. */
export type Read = { readonly state: string; readonly tracking: TrackingName | string | null };

export type Service = {
  readonly sandbox: Sandbox;
  /** Reads, and provisions until nobody is due any more. */
  read(kind: 'poll' | 'sweep'): Promise<Read>;
  /** Lets go what is held, and provisions. @returns how each run that held something ended */
  release(): Promise<readonly string[]>;
  stop(): Promise<void>;
};

/** @param port of 127.0.0.1, where the directory is reached */
export type StartService = (server: Server, way: Way, port: number) => Promise<Service>;

/** Small, so that each read of everybody has several. */
export const PAGE_SIZE = 20;

/** Two cores serve many servers meanwhile. */
export const TIMEOUT_MS = 20_000;
