/** Mappings for the rig's source and target, with a `lifecycle` of the test's choice. */
import { loadMapping, type Mapping } from '../../app/mapping/index.ts';

export type LifecycleMapping = {
  /** Lines under `lifecycle`, as YAML in flow style. Default: none. */
  readonly lifecycle?: string;
  readonly scope?: string;
  readonly active?: string;
  readonly match?: string;
};

/** Everybody with a mail address is in scope, and `status: off` makes inactive, unless the test says otherwise. */
export function lifecycleMapping(options: LifecycleMapping = {}): Mapping {
  const { lifecycle = '{}', match = '[externalId, userName]' } = options;
  const { scope = 'e.mail != ""' } = options;
  const usual = `{ value: '= e.status != "off"', optional: [status] }`;
  const active = options.active === undefined ? usual : `'= ${options.active}'`;
  const text = `version: 1
source: corp
target: agileplace
resource: User
match: ${match}
lifecycle: ${lifecycle}
scope: '= ${scope}'
attributes:
  externalId: '= id'
  userName: '= first(e.login, e.mail)'
  name: { givenName: '= e.givenName', familyName: '= e.sn' }
  emails: [{ value: '= e.mail', type: work, primary: true }]
  active: ${active}
`;
  const loaded = loadMapping('mappings/test.yaml', text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
}
