/** Gives the HTTP API its parts, out of the process's context. */
import { verifyToken } from './config/index.ts';
import { type Context, pushes } from './context.ts';
import { DEFAULT_PATIENCE, type WebDeps } from './http/deps.ts';
import { countJobs } from './queue/job-counts.ts';
import { createMetrics } from './signals/metrics.ts';
import { seenBy } from './sync/seen.ts';
import { VERSION } from './version.ts';

export function webDeps(context: Context): WebDeps {
  const { config, stores, reading, queues, redis, log } = context;
  const sources = Object.entries(config.sources).map(([name, { kind }]) => ({
    name,
    kind,
    pushes: pushes(config, name),
  }));
  const targets = Object.entries(config.targets).map(([name, { credential, adoption }]) => ({
    name,
    credential: credential ?? name,
    adoption,
  }));
  const queueOf = (target: string) => countJobs(queues.ofTarget(target));
  return {
    ...reading,
    ...stores,
    explain: async (identity, now) => {
      const leading = context.mappings.filter(({ source }) => source === identity.source);
      return await Promise.all(
        leading.map(async (mapping) => mapping.explain(await seenBy(mapping, identity, stores), now)),
      );
    },
    sourceOf: context.source,
    targetOf: context.target,
    requestReconcile: context.requestReconcile,
    metrics: createMetrics({ ...stores, targets, sources, queueOf, now: reading.now }),
    logger: log,
    sources,
    targets,
    queueOf,
    verifyToken: (presented) => verifyToken(presented, config.inbound.tokens),
    readiness: [{ name: 'redis', check: () => redis.ping() }],
    bodyLimit: config.http.bodyLimit,
    patience: DEFAULT_PATIENCE,
    version: VERSION,
  };
}
