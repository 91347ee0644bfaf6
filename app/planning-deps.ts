/** Gives the planning of `landbridge plan`, `apply` and `adopt` its parts, out of the process's context. Part of the wiring. */
import type { TargetConfig } from './config/index.ts';
import type { Context } from './context.ts';
import {
  groupLookUpRequests,
  groupWriteRequests,
  lookUpRequests,
  profileNamed,
  writeRequests,
} from './scim/index.ts';
import type { ApplyDeps } from './sync/planning/apply-plan.ts';
import type { RequestLimit } from './sync/planning/duration.ts';
import type { PlanDeps } from './sync/planning/make-plan.ts';
import type { PlannedGroups } from './sync/planning/plan-groups.ts';
import type { PlannedTarget } from './sync/planning/plan-target.ts';

export async function planningDeps(context: Context): Promise<PlanDeps> {
  const { config, reconciling, stores } = context;
  return {
    ...reconciling,
    groups: stores.groups,
    groupLinks: stores.groupLinks,
    watermarks: stores.watermarks,
    newId: context.reading.newId,
    sources: Object.keys(config.sources),
    sourceOf: context.source,
    targets: Object.entries(config.targets).map(([name, target]) => plannedTarget(name, target, context)),
    groupTargets: Object.entries(config.targets).flatMap(([name, target]) => groupsOf(name, target, context)),
    installation: context.fingerprint,
    seal: await stores.planSeals.seal(),
  };
}

export async function applyDeps(context: Context): Promise<ApplyDeps> {
  const { config, log, reconciling, stores } = context;
  return {
    provisioning: (name) => (name in config.targets ? context.provisioning(name) : null),
    groupProvisioning: (name) => (name in config.targets ? context.groupProvisioning(name) : null),
    atOnce: (name) => config.targets[name]?.concurrency ?? 1,
    seal: await stores.planSeals.seal(),
    sleep: reconciling.sleep,
    now: reconciling.now,
    surprised(error, item) {
      const whom = 'group' in item ? { group: item.group } : { person: item.person };
      log.error({ err: error, target: item.target, ...whom }, 'internal error');
    },
  };
}

function plannedTarget(name: string, config: TargetConfig, context: Context): PlannedTarget {
  const profile = profileNamed(config.profile);
  if (profile === null) throw new Error(`targets.${name}.profile is not known`);
  return {
    target: context.target(name),
    habits: {
      searchesExternalId: profile.externalIdSearch !== 'unsupported',
      renamesUserNames: profile.addressSearch !== undefined,
    },
    lookUpRequests: (match, hits) => lookUpRequests(match, hits, profile),
    writeRequests: (decided) => writeRequests(decided, profile),
    limits: async () => await limitsOf(name, config, 'users', context),
  };
}

function groupsOf(name: string, config: TargetConfig, context: Context): readonly PlannedGroups[] {
  const profile = profileNamed(config.profile);
  const { groups } = context.target(name);
  if (profile === null || groups === null) return [];
  const habits = {
    searchesExternalId: profile.externalIdSearch !== 'unsupported',
    namesCarryStore: profile.groups?.namesCarryStore === true,
  };
  return [
    {
      target: name,
      groups,
      habits,
      lookUpRequests: (match, hits) => groupLookUpRequests(match, hits, profile),
      writeRequests: (decided) => groupWriteRequests(decided, profile),
      limits: async () => await limitsOf(name, config, 'groups', context),
    },
  ];
}

/** What the target's answers told counts before what its vendor documents; the operator's own limit beside either. */
async function limitsOf(
  name: string,
  { credential, requestsPerMinute, profile }: TargetConfig,
  resources: 'users' | 'groups',
  { stores }: Context,
): Promise<readonly RequestLimit[]> {
  const told = await stores.budgets.view(credential ?? name);
  const sets = profileNamed(profile)?.limits.sets ?? [];
  const own =
    requestsPerMinute === undefined
      ? []
      : [{ perMinute: requestsPerMinute, methods: null, from: 'as landbridge.yaml says' }];
  if (told !== null && told.limit > 0) {
    return [{ perMinute: told.limit, methods: null, from: "as the target's answers say" }, ...own];
  }
  const documented = sets
    .filter((set) => set.resources === 'any' || set.resources === resources)
    .map(({ perMinute, methods }) => ({ perMinute, methods, from: 'as its vendor documents' }));
  return [...documented, ...own];
}
