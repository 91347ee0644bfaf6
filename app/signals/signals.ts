/**
 * Tells the outside what the use cases did: one log line and one count for each business event. No line carries an
 * attribute's value; a person is named by their key. An alert is a line at `warn` with `alert: true`.
 */
import type { Counters } from '../store/ports/index.ts';
import type { Alert, Signals } from '../sync/signals.ts';
import type { Logger } from './log.ts';
import { COUNTERS, type MetricName } from './metric-names.ts';

/** `settled` waits for counts that are still on their way to Redis: for a process that stops, and for tests. */
export type SettlingSignals = Signals & { settled(): Promise<void> };

export function createSignals(log: Logger, counters: Counters): SettlingSignals {
  const { count, settled } = counting(log, counters);
  return {
    alert(alert) {
      const { reason, ...details } = alert;
      const line = { alert: true, ...details, reason: reasonOf(alert, reason), ...howToRelease(alert) };
      log.warn(line, WORDS[alert.kind]);
      count(COUNTERS.alerts, { kind: alert.kind });
    },
    applied({ target, person, action, markedAt, at }) {
      const waitedSeconds = Math.max(0, (at.getTime() - markedAt.getTime()) / 1000);
      const level = action === 'none' ? 'debug' : 'info';
      log[level]({ target, person, action, waitedSeconds }, 'applied');
      count(COUNTERS.applied, { target, action });
      count(COUNTERS.waited, { target }, waitedSeconds);
    },
    groupApplied({ target, group, action, markedAt, at }) {
      const waitedSeconds = Math.max(0, (at.getTime() - markedAt.getTime()) / 1000);
      log[action === 'none' ? 'debug' : 'info']({ target, group, action, waitedSeconds }, 'group applied');
      count(COUNTERS.groupsApplied, { target, action });
    },
    held({ target, person, reason }) {
      log.info({ target, person, reason }, 'held');
      count(COUNTERS.held, { target });
    },
    targetResumed(target) {
      log.info({ target }, 'target resumed');
      count(COUNTERS.resumed, { target });
    },
    mappingWarning({ target, person, where, attribute, message }) {
      log.info({ target, person, where, attribute, problem: message }, 'attribute left out');
      count(COUNTERS.warnings, { target });
    },
    trackingChanged({ source, before, now, notices }) {
      // The first is no news; another one may be a worse one.
      log[before === null ? 'info' : 'warn']({ source, before, now, notices }, 'changes are followed anew');
    },
    runEnded({ run, kind, state, counts, ...read }) {
      log.info({ run, kind, state, counts, ...read }, 'run ended');
      count(COUNTERS.runs, { kind, state });
    },
    settled,
  };
}

/** Adds without keeping anybody waiting: a count that is lost is no reason to stop the work that it counts. */
function counting(log: Logger, counters: Counters) {
  const underWay = new Set<Promise<void>>();
  return {
    count(metric: MetricName, labels: Readonly<Record<string, string>>, by?: number): void {
      const adding = counters
        .add(metric.name, labels, by)
        .catch((error: unknown) => log.debug({ err: error, metric: metric.name }, 'not counted'))
        .finally(() => underWay.delete(adding));
      underWay.add(adding);
    },
    async settled(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

const WORDS: Readonly<Record<Alert['kind'], string>> = {
  'run-held': 'a run is held: nobody loses access by it unless an operator says so',
  'run-failed': 'a source could not be read',
  'removals-held': 'removals are held until an operator releases them',
  'hold-expired': 'nobody has decided about held removals in time: nobody was switched off by them',
  'accounts-missing': 'too many linked accounts are not at the target any more',
  'still-active': 'a target keeps an account active that it was asked to switch off',
  'listing-incomplete': 'a target does not list all of its accounts',
  'not-cleared': 'a target keeps attributes that it was asked to clear',
  'target-paused': 'a target is out of order and was paused',
  'group-refused': 'a group could not be provisioned and was put on the dead-letter list',
  'dead-letter': 'a person could not be provisioned and was put on the dead-letter list',
};

/** What is held with a read may not be releasable, which the run itself knows; a guard's run always is. */
function howToRelease(alert: Alert): { readonly release?: string } {
  if (alert.kind !== 'run-held' && alert.kind !== 'removals-held') return {};
  const run = `/v1/runs/${encodeURIComponent(alert.run)}`;
  const order = `POST ${run}/release`;
  if (alert.kind === 'removals-held') return { release: order };
  return { release: `see GET ${run}; where it says releasable, ${order}` };
}

/** A refusal's words are the server's and may quote the person: the dead-letter list shows them, the log does not. */
function reasonOf(alert: Alert, reason: string): string {
  const isLetter = alert.kind === 'dead-letter' || alert.kind === 'group-refused';
  return isLetter ? 'see GET /v1/dead-letters' : reason;
}
