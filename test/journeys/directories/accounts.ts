/**
 * What the target has to hold: a model that the events change, and the accounts that it means, attribute for attribute.
 * Pure. The same for each directory, so that what differs between them shows.
 */
import { ENTERPRISE_URN, type JsonObject } from '../../../app/scim/resource.ts';
import { factsOf } from './cast.ts';
import { LEANKIT_URN } from './mapping.ts';

export type Account = {
  readonly mail: string;
  readonly sn: string;
  readonly title?: string;
  readonly active: boolean;
  /** Another person's name. */
  readonly manager?: string;
  readonly administrator: boolean;
  readonly boardCreator: boolean;
};

/** By the name that a person had at the beginning. */
export type Accounts = Readonly<Record<string, Account>>;
export type Changes = Readonly<Record<string, Partial<Account>>>;

/** Who has no account yet gets one. */
export function changed(accounts: Accounts, changes: Changes): Accounts {
  const next = Object.entries(changes).map(([name, change]): [string, Account] => [
    name,
    { ...(accounts[name] ?? newAccount(name)), ...change },
  ]);
  return { ...accounts, ...Object.fromEntries(next) };
}

function newAccount(name: string): Account {
  const { mail = '', sn = '' } = factsOf(name);
  return { mail, sn, active: true, administrator: false, boardCreator: false };
}

/** As the sandbox of AgilePlace shows them: with what it adds itself, and people by their names instead of ids. */
export function shown(accounts: Accounts): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(Object.entries(accounts).map(([name, account]) => [name, userOf(name, account)]));
}

function userOf(name: string, account: Account): JsonObject {
  const { mail, sn, title, active, manager, administrator, boardCreator } = account;
  return {
    externalId: name,
    userName: mail,
    name: { givenName: 'Ada', familyName: sn },
    ...(title === undefined ? {} : { title }),
    active,
    ...(manager === undefined ? {} : { [ENTERPRISE_URN]: { manager: { managerId: manager } } }),
    [LEANKIT_URN]: { licenseType: 'full', administrator, boardCreator, dateFormat: 'dd/mm/yyyy' },
  };
}
