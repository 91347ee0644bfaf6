/**
 * What each probe that writes is given: the throw-away account, and what the probes before it found out. A change is
 * sent with the account's version and its `active`, so that what is looked at is the change alone; the probes of those
 * two things send otherwise.
 */
import type { Profile } from '../../profiles/profile.ts';
import { CORE_URN, type JsonObject, ownValue } from '../../resource.ts';
import type { Ask, Shown } from '../asking.ts';
import type { Observed } from '../finding.ts';
import { userPath, versionOf } from '../users.ts';

export type WritingScene = {
  readonly ask: Ask;
  readonly profile: Profile;
  readonly id: string;
  readonly userName: string;
  /** Where mail addresses of the account are. */
  readonly domain: string;
  /** By which verb the account can be changed, once that is known. */
  verb: 'PATCH' | 'PUT' | null;
};

export type WritingProbe = (scene: WritingScene) => Promise<readonly Observed[]>;

export async function read({ ask, profile, id }: WritingScene): Promise<Shown> {
  return await ask({ method: 'GET', path: userPath(profile.usersPath, id) });
}

/** The account as it is shown; empty where it cannot be read. */
export async function look(scene: WritingScene): Promise<JsonObject> {
  return (await read(scene)).body ?? {};
}

/** Sends a part of the account, with the version and the state that it has. */
export async function patch(scene: WritingScene, change: JsonObject): Promise<Shown> {
  const before = await read(scene);
  const active = ownValue(before.body ?? {}, 'active');
  const kept = typeof active === 'boolean' ? { active } : {};
  return await send(scene, 'PATCH', { schemas: [CORE_URN], ...kept, ...change }, versionOf(before));
}

/** Sends the whole account as it was read, with a change; undefined leaves an attribute out. */
export async function put(
  scene: WritingScene,
  change: Readonly<Record<string, JsonObject[string] | undefined>>,
): Promise<Shown> {
  const before = await read(scene);
  const whole = { ...writable(before.body ?? {}, scene.profile), ...change };
  const said = Object.entries(whole).filter(
    (pair): pair is [string, JsonObject[string]] => pair[1] !== undefined,
  );
  return await send(scene, 'PUT', { schemas: [CORE_URN], ...Object.fromEntries(said) }, versionOf(before));
}

/** By the verb that the target takes. */
export async function change(scene: WritingScene, parts: JsonObject): Promise<Shown> {
  return scene.verb === 'PUT' ? await put(scene, parts) : await patch(scene, parts);
}

export async function send(
  { ask, profile, id }: WritingScene,
  method: 'PATCH' | 'PUT',
  body: JsonObject,
  version: string | null,
): Promise<Shown> {
  const path = userPath(profile.usersPath, id);
  return await ask({ method, path, body, ...(version === null ? {} : { ifMatch: version }) });
}

function writable(body: JsonObject, { readOnly }: Profile): JsonObject {
  const kept = new Set([
    'meta',
    'groups',
    ...readOnly.flatMap(([name, ...rest]) => (rest.length === 0 ? [name] : [])),
  ]);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !kept.has(name)));
}
