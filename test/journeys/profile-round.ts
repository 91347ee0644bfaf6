/** What is told of a person's life at one kind of target: the facts that profiles.test.ts holds it against. */
import type { Mapping } from '../../app/mapping/mapping.ts';
import type { JsonObject } from '../../app/scim/resource.ts';

/** A write, with its body but for `schemas`; null: without one. */
export type Write = readonly [method: string, body: JsonObject | null];

export type Changes = {
  /** Another user name. */
  readonly name: Write;
  /** Another surname. */
  readonly surname: (to: string) => Write;
  /** The first of two addresses goes, and the second becomes the primary one. */
  readonly emails: readonly Write[];
  /** What only some people have is taken away. */
  readonly cleared: Write;
  /** Another value of an attribute of the extension. */
  readonly extension: Write;
  readonly off: Write;
  readonly on: Write;
};

export type Round = {
  readonly profile: string;
  /** What kind of server it is. */
  readonly dialect: string;
  readonly oauth2: boolean;
  readonly mapping: Mapping;
  /** Body of the create. */
  readonly asked: JsonObject;
  /** The account, as the target keeps it of that. */
  readonly kept: JsonObject;
  /** Of what a change asks for, what the target keeps. */
  readonly keeps: (asked: JsonObject) => JsonObject;
  readonly writes: Changes;
  /** Of somebody who is switched off already. */
  readonly surnameWhileOff: Write;
  /** Whether a write for an old version is refused. */
  readonly versions: boolean;
  /** Whether an account has to have an address. */
  readonly needsAddress: boolean;
  /** So many that they take more than one page, where pages are small. */
  readonly crowd: number;
  /** What a comparison of so many costs. */
  readonly requestsForAll: number;
  /** What somebody else may have set of an account, and we leave alone. */
  readonly notOurs: JsonObject;
};
