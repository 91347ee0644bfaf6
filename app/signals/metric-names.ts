/**
 * Every metric there is: name, meaning and labels. Counters are kept in Redis by whoever works (`signals.ts`); gauges
 * are read when somebody asks (`metrics.ts`). Labels are few and never name a person. docs/api.md lists them.
 */

export type MetricName = { readonly name: string; readonly help: string; readonly labels: readonly string[] };

export const COUNTERS = {
  applied: {
    name: 'landbridge_applied_total',
    help: 'Plans carried out, or found to need nothing, by action.',
    labels: ['target', 'action'],
  },
  groupsApplied: {
    name: 'landbridge_groups_applied_total',
    help: 'Plans for groups carried out, or found to need nothing, by action.',
    labels: ['target', 'action'],
  },
  waited: {
    name: 'landbridge_apply_wait_seconds_total',
    help: 'Seconds from becoming due to being served, added up; divide by landbridge_applied_total.',
    labels: ['target'],
  },
  held: {
    name: 'landbridge_held_total',
    help: 'Removals that had to wait for an operator.',
    labels: ['target'],
  },
  alerts: {
    name: 'landbridge_alerts_total',
    help: 'Things that a person should look at, by kind.',
    labels: ['kind'],
  },
  warnings: {
    name: 'landbridge_mapping_warnings_total',
    help: 'Attributes that could not be mapped and were left out.',
    labels: ['target'],
  },
  resumed: {
    name: 'landbridge_target_resumed_total',
    help: 'Times that a paused target went on.',
    labels: ['target'],
  },
  runs: { name: 'landbridge_runs_total', help: 'Runs that ended, by how.', labels: ['kind', 'state'] },
} as const satisfies Record<string, MetricName>;

export const GAUGES = {
  due: { name: 'landbridge_due', help: 'People who wait to be served.', labels: ['target'] },
  deadLetters: {
    name: 'landbridge_dead_letters',
    help: 'People and groups that the target refused for good.',
    labels: ['target'],
  },
  waiting: {
    name: 'landbridge_references_waiting',
    help: "People of whom an attribute, such as their manager, waits for another person's account.",
    labels: ['target'],
  },
  activeAccounts: {
    name: 'landbridge_active_accounts',
    help: 'Linked accounts that are active.',
    labels: ['target'],
  },
  drift: {
    name: 'landbridge_drift',
    help: 'Accounts that the last comparison of everybody found otherwise than wanted, by reason.',
    labels: ['target', 'kind'],
  },
  unknownAccounts: {
    name: 'landbridge_unknown_accounts',
    help: "Accounts at the target that the last comparison of everybody found to be nobody's whom we know.",
    labels: ['target'],
  },
  breakerOpen: {
    name: 'landbridge_breaker_open',
    help: '1 while the target is paused because it is out of order.',
    labels: ['target'],
  },
  budgetLimit: {
    name: 'landbridge_budget_limit',
    help: 'Requests that the target grants in one window.',
    labels: ['target'],
  },
  budgetRemaining: {
    name: 'landbridge_budget_remaining',
    help: 'Requests left in the present window.',
    labels: ['target'],
  },
  budgetReset: {
    name: 'landbridge_budget_reset_timestamp_seconds',
    help: 'When the present window ends, as Unix time.',
    labels: ['target'],
  },
  concurrency: {
    name: 'landbridge_target_concurrency',
    help: 'Requests at once that all workers let go to the target.',
    labels: ['target'],
  },
  queueJobs: {
    name: 'landbridge_queue_jobs',
    help: 'Jobs in the target queue, by state.',
    labels: ['target', 'state'],
  },
  holds: { name: 'landbridge_holds', help: 'Removals that wait for an operator now.', labels: [] },
  peoplePresent: {
    name: 'landbridge_people_present',
    help: 'People whom the source has.',
    labels: ['source'],
  },
  listening: {
    name: 'landbridge_source_listening',
    help: '1 while a worker hears at once of the changes of a source with poll.push.',
    labels: ['source'],
  },
  heard: {
    name: 'landbridge_source_heard_timestamp_seconds',
    help: 'When the source last told of a change, or began to be listened to, as Unix time.',
    labels: ['source'],
  },
  watermarkAge: {
    name: 'landbridge_watermark_age_seconds',
    help: 'How long ago the source was last read to its end.',
    labels: ['source'],
  },
} as const satisfies Record<string, MetricName>;
