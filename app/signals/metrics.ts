/**
 * Metrics in Prometheus' text format: the counts that all processes keep in Redis, and gauges read at the moment
 * somebody asks. Nothing is kept in this process, so any web process gives the same answer.
 */
import { Counter, Gauge, Registry } from 'prom-client';
import type {
  Breakers,
  Budgets,
  BudgetView,
  Counters,
  DeadLetters,
  DriftLedger,
  DriftSummary,
  DueMarks,
  Holds,
  Identities,
  Links,
  Paces,
  Watches,
  Watermarks,
} from '../store/ports/index.ts';
import { COUNTERS, GAUGES, type MetricName } from './metric-names.ts';

export type MetricsDeps = {
  readonly counters: Counters;
  readonly due: DueMarks;
  readonly deadLetters: DeadLetters;
  readonly drift: DriftLedger;
  readonly holds: Holds;
  readonly identities: Identities;
  readonly links: Links;
  readonly watermarks: Watermarks;
  readonly watches: Watches;
  readonly breakers: Breakers;
  readonly budgets: Budgets;
  readonly paces: Paces;
  /** `credential` is the name under which the target's budget is shared. */
  readonly targets: readonly { readonly name: string; readonly credential: string }[];
  /** `pushes`: somebody should be listening to it. */
  readonly sources: readonly { readonly name: string; readonly pushes: boolean }[];
  /** How many jobs a target's queue has, by state. */
  readonly queueOf: (target: string) => Promise<Readonly<Record<string, number>>>;
  readonly now: () => Date;
};

export type Metrics = { readonly contentType: string; render(): Promise<string> };

type Sample = readonly [MetricName, Readonly<Record<string, string>>, number];

export function createMetrics(deps: MetricsDeps): Metrics {
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    async render() {
      const registry = new Registry();
      await fillCounters(registry, deps.counters);
      fillGauges(registry, await samples(deps));
      return await registry.metrics();
    },
  };
}

async function fillCounters(registry: Registry, counters: Counters): Promise<void> {
  const counted = await counters.all();
  for (const { name, help, labels } of Object.values<MetricName>(COUNTERS)) {
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    for (const count of counted) if (count.name === name) counter.inc(count.labels, count.value);
  }
}

function fillGauges(registry: Registry, taken: readonly Sample[]): void {
  for (const metric of Object.values<MetricName>(GAUGES)) {
    const { name, help, labels } = metric;
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const [of, where, value] of taken) if (of === metric) gauge.set(where, value);
  }
}

async function samples(deps: MetricsDeps): Promise<readonly Sample[]> {
  const taken = await Promise.all([
    ...deps.targets.map((target) => targetSamples(target.name, target.credential, deps)),
    ...deps.sources.map(({ name, pushes }) => sourceSamples(name, pushes, deps)),
  ]);
  return [[GAUGES.holds, {}, await deps.holds.count()], ...taken.flat()];
}

async function targetSamples(target: string, credential: string, deps: MetricsDeps): Promise<Sample[]> {
  const [due, deadLetters, waiting, active, breaker, budget, concurrency, jobs, drift] = await Promise.all([
    deps.due.count(target),
    deps.deadLetters.count(target),
    deps.due.countWaiting(target),
    deps.links.countActive(target),
    deps.breakers.view(target),
    deps.budgets.view(credential),
    deps.paces.view(target),
    deps.queueOf(target),
    deps.drift.summary(target),
  ]);
  const where = { target };
  return [
    [GAUGES.due, where, due],
    [GAUGES.deadLetters, where, deadLetters],
    [GAUGES.waiting, where, waiting],
    [GAUGES.activeAccounts, where, active],
    [GAUGES.breakerOpen, where, breaker === null ? 0 : 1],
    ...(budget === null ? [] : budgetSamples(where, budget)),
    ...(drift === null ? [] : driftSamples(target, drift)),
    ...(concurrency === null ? [] : [[GAUGES.concurrency, where, concurrency] as const]),
    ...Object.entries(jobs).map(([state, count]): Sample => [GAUGES.queueJobs, { target, state }, count]),
  ];
}

function driftSamples(target: string, { drifts, unknownAccounts }: DriftSummary): Sample[] {
  const byReason = Object.entries(drifts).map(
    ([kind, count]): Sample => [GAUGES.drift, { target, kind }, count],
  );
  return [...byReason, [GAUGES.unknownAccounts, { target }, unknownAccounts]];
}

function budgetSamples(where: { target: string }, budget: BudgetView): Sample[] {
  return [
    [GAUGES.budgetLimit, where, budget.limit],
    [GAUGES.budgetRemaining, where, budget.remaining],
    [GAUGES.budgetReset, where, Date.parse(budget.resetAt) / 1000],
  ];
}

async function sourceSamples(source: string, pushes: boolean, deps: MetricsDeps): Promise<Sample[]> {
  const taken: Sample[] = [[GAUGES.peoplePresent, { source }, await deps.identities.countPresent(source)]];
  if (pushes) {
    const heardAt = await deps.watches.heardAt(source);
    taken.push([GAUGES.listening, { source }, heardAt === null ? 0 : 1]);
    if (heardAt !== null) taken.push([GAUGES.heard, { source }, Date.parse(heardAt) / 1000]);
  }
  const movedAt = await deps.watermarks.movedAt(source);
  if (movedAt === null) return taken;
  const age = Math.max(0, (deps.now().getTime() - Date.parse(movedAt)) / 1000);
  return [...taken, [GAUGES.watermarkAge, { source }, age]];
}
