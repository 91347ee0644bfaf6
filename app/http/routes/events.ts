/**
 * People who are told about by events: an HR system or identity provider posts what happened to one person, and may
 * read what became of it. The answer is given only after the knowledge is stored; a repeated event is recognised by
 * its id and answered with the first receipt (O-20).
 */

import { sourceOfKey } from '../../person/anchor.ts';
import { toAttributes } from '../../person/entry.ts';
import type { Receipt } from '../../store/ports/index.ts';
import { type PersonEvent, receiveEvent } from '../../sync/receive-event.ts';
import type { WebDeps } from '../deps.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { progressOf } from '../progress.ts';
import { defineRoute, type Route } from '../route.ts';
import {
  type EventBody,
  eventAddress,
  eventBody,
  eventExamples,
  eventSource,
  receiptSchema,
} from './event-body.ts';

type Deps = WebDeps;

export function eventRoutes(deps: Deps): readonly Route[] {
  return [postEvent(deps), getEvent(deps)];
}

function postEvent(deps: Deps): Route {
  return defineRoute({
    name: 'postEvent',
    method: 'post',
    path: '/v1/events',
    summary: 'Tell what happened to one person',
    description:
      'Safe to send again: an event is known by its id and done once. `person.created` and `person.updated` carry ' +
      'all attributes of the person; an attribute that is missing has no value any more. An event that is older ' +
      'than what is known changes nothing.',
    scopes: ['events:write'],
    body: eventBody(deps.now),
    bodyExamples: eventExamples,
    answers: {
      202: { description: 'Stored. `Location` tells where to follow it.', schema: receiptSchema },
      422: { description: 'The source is not told about people by events.' },
    },
    async handle({ body }, { caller }) {
      requireEventSource(body.source, deps);
      const { receipt } = await receiveEvent(toEvent(body), caller.name, deps);
      const { targets: _inFull, ...short } = await receiptView(receipt, deps);
      return { status: 202, body: short, headers: { Location: short._links.self } };
    },
  });
}

function getEvent(deps: Deps): Route {
  return defineRoute({
    name: 'getEvent',
    method: 'get',
    path: '/v1/events/{id}',
    summary: 'What became of an event',
    scopes: ['read', 'events:write'],
    params: eventAddress,
    query: eventSource,
    answers: {
      200: { description: 'The receipt, with the progress at each target.', schema: receiptSchema },
      404: { description: 'No such event came within the last 30 days.' },
    },
    async handle({ params, query }) {
      const { receipts } = deps;
      const receipt =
        query.source === undefined
          ? await receipts.find(params.id)
          : await receipts.get(query.source, params.id);
      if (receipt === null) throw notFound('No event with that id came within the last 30 days.');
      return { status: 200, body: await receiptView(receipt, deps) };
    },
  });
}

function requireEventSource(name: string, { sources }: Deps): void {
  const source = sources.find((candidate) => candidate.name === name);
  if (source?.kind === 'events') return;
  const feeds = sources.filter(({ kind }) => kind === 'events').map((feed) => feed.name);
  const known = feeds.length === 0 ? 'There is none yet' : `There are: ${feeds.join(', ')}`;
  const wrong =
    source === undefined ? 'is not in landbridge.yaml.' : 'is a directory that Landbridge reads by itself.';
  const message = `${wrong} Name a source of kind events, or add one under sources. ${known}.`;
  throw invalidRequest([{ field: 'source', message }], 422);
}

function toEvent({ id, source, type, subject, time, sequence, data }: EventBody): PersonEvent {
  const order = { time, event: id, ...(sequence === undefined ? {} : { sequence }) };
  const common = { id, source, person: subject, order };
  if (type === 'person.deleted') return { ...common, change: { kind: 'delete' } };
  const pairs = Object.entries(data?.attributes ?? {}).map(([name, value]): [string, readonly string[]] => [
    name,
    asValues(value),
  ]);
  return { ...common, change: { kind: 'upsert', attributes: toAttributes(pairs) } };
}

function asValues(value: string | number | boolean | readonly string[]): readonly string[] {
  return typeof value === 'object' ? value : [String(value)];
}

async function receiptView(receipt: Receipt, deps: Deps) {
  const targets = await progressOf(receipt.person, receipt.marks, deps.due);
  return {
    id: receipt.id,
    state: stateOf(receipt, targets),
    person: receipt.person,
    result: receipt.result,
    receivedAt: receipt.receivedAt,
    targets,
    _links: { self: addressOf(receipt, deps), person: `/v1/people/${encodeURIComponent(receipt.person)}` },
  };
}

function stateOf(receipt: Receipt, targets: readonly { readonly state: 'due' | 'done' }[]) {
  if (receipt.result === 'stale') return 'stale';
  if (targets.length === 0) return 'received';
  return targets.every(({ state }) => state === 'done') ? 'done' : 'due';
}

/** Two feeds may use the same ids, so where there are several the address names the feed. */
function addressOf({ id, person }: Receipt, { sources }: Deps): string {
  const address = `/v1/events/${encodeURIComponent(id)}`;
  const feeds = sources.filter(({ kind }) => kind === 'events');
  return feeds.length > 1 ? `${address}?source=${sourceOfKey(person)}` : address;
}
