/**
 * The import directions of the house: arrows point downwards only.
 *
 *   entries   app/main  app/cli  workers/          sandbox/ and demo/ stand outside
 *                \        |        /
 *   faces         app/http        |
 *                      \          |
 *   wiring              app/context.ts            the only file that sees every adapter
 *                          |
 *   use cases           app/sync                  knows contracts only: no Redis, HTTP or LDAP
 *                          |
 *   rooms     app/plan  app/mapping  app/scim  app/sources  app/queue  app/store  app/config
 *                          |
 *   words               app/person  app/lane.ts  app/errors.ts  app/spelling
 */
const pureNpm = '^(bullmq|ioredis|ldapts|undici|express|passport|pino|prom-client)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'person-imports-nothing',
      comment: 'The vocabulary depends on no room.',
      severity: 'error',
      from: { path: '^app/person/' },
      to: { pathNot: ['^app/person/', '^app/errors\\.ts$', '^node:', '^(crypto|buffer)$'] },
    },
    {
      name: 'plan-is-pure',
      comment: 'Planning is a pure function of desired and known state.',
      severity: 'error',
      from: { path: '^app/plan/' },
      to: {
        pathNot: [
          '^app/(plan|person)/',
          '^app/scim/(resource|differences)\\.ts$',
          '^app/mapping/(mapping|policy|group/group-mapping)\\.ts$',
          '^app/errors\\.ts$',
        ],
      },
    },
    {
      name: 'mapping-is-pure',
      severity: 'error',
      from: { path: '^app/mapping/' },
      to: {
        path: '^app/',
        pathNot: ['^app/(mapping|person|spelling)/', '^app/scim/resource\\.ts$', '^app/errors\\.ts$'],
      },
    },
    {
      name: 'sync-knows-contracts-only',
      comment: 'The use cases are given contracts: no Redis, no HTTP, no LDAP.',
      severity: 'error',
      from: { path: '^app/sync/' },
      to: {
        path: '^app/(http|cli|queue|config|main|context|target-options|signals)|^app/store/(?!ports/)|^app/sources/(?!(source|find-one)\\.ts)|^app/scim/(?!(resource|differences|target|groups/(group|group-target|member-changes))\\.ts)|^app/mapping/(?!(mapping|policy|group/group-mapping)\\.ts)|^workers/',
      },
    },
    {
      name: 'sync-no-io-packages',
      severity: 'error',
      from: { path: '^app/(sync|plan|person|mapping)/' },
      to: { path: `node_modules/${pureNpm.slice(1)}` },
    },
    {
      name: 'rooms-do-not-know-each-other',
      severity: 'error',
      from: { path: '^app/(sources|scim|queue|store)/' },
      to: {
        path: '^app/(sources|scim|queue|store|mapping|plan|sync|http|cli)/',
        pathNot: [
          '^app/$1/',
          '^app/store/ports/',
          '^app/scim/resource\\.ts$',
          '^app/plan/(decision|group-plan)\\.ts$',
          '^app/sources/source\\.ts$',
        ],
      },
    },
    {
      name: 'config-stands-alone',
      severity: 'error',
      from: { path: '^app/config/' },
      to: { path: '^app/', pathNot: ['^app/(config|person|spelling)/', '^app/errors\\.ts$'] },
    },
    {
      name: 'http-does-not-touch-adapters',
      severity: 'error',
      from: { path: '^app/http/' },
      to: {
        path: '^(workers|app/cli)/|^app/store/(?!ports/)|^app/sources/(ldap|events)|node_modules/(ldapts|ioredis|bullmq|undici)/',
      },
    },
    {
      name: 'app-does-not-import-workers',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^workers/' },
    },
    {
      name: 'workers-have-no-web',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^app/http/|node_modules/express/' },
    },
    {
      name: 'product-does-not-import-its-rehearsal',
      comment: 'The sandbox is a server of its own, reached over HTTP.',
      severity: 'error',
      from: { path: '^(app|workers)/' },
      to: { path: '^(sandbox|demo|test|bench)/' },
    },
    {
      name: 'sandbox-stands-alone',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(app|workers|demo|test)/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(app|workers)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '(^|/)main\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.json'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
