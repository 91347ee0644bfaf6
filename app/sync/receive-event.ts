/**
 * Takes in one event about a person from an event source. Doubles and late arrivals are harmless: an event that is
 * not newer than what we know changes nothing (O-20), and knowledge is stored before the sender gets an answer.
 */
import { type PersonKey, personKey, type StableId } from '../person/anchor.ts';
import { type Attributes, sameAttributes } from '../person/entry.ts';
import type { EventOrder, Identity, Presence } from '../person/identity.ts';
import type { Receipt, Receipts } from '../store/ports/index.ts';
import { type AnnounceDeps, type Marks, markNews } from './announce.ts';
import { store } from './reading/absorb.ts';

export type PersonEvent = {
  readonly id: string;
  readonly source: string;
  readonly person: StableId;
  readonly order: EventOrder;
  /** `upsert` carries all attributes of the person; `delete` says that they have left. */
  readonly change: { readonly kind: 'upsert'; readonly attributes: Attributes } | { readonly kind: 'delete' };
};

/** @returns the receipt, and whether the event id had been there before */
export async function receiveEvent(
  event: PersonEvent,
  actor: string,
  deps: AnnounceDeps & { readonly receipts: Receipts },
): Promise<{ readonly receipt: Receipt; readonly repeated: boolean }> {
  const before = await deps.receipts.get(event.source, event.id);
  if (before !== null) return { receipt: before, repeated: true };
  const key = personKey(event.source, event.person);
  const result = await learn(event, key, deps);
  const marks = result === 'stale' ? {} : await announce(key, deps);
  const receivedAt = deps.now().toISOString();
  const receipt: Receipt = { id: event.id, receivedAt, actor, person: key, result, marks };
  if (await deps.receipts.put(event.source, receipt)) return { receipt, repeated: false };
  // The same event was received twice at once; both senders see the first receipt.
  const first = await deps.receipts.get(event.source, event.id);
  return { receipt: first ?? receipt, repeated: true };
}

/** Only what was known before the mark is announced by it: something newer has to be marked by whoever stored it. */
async function announce(key: PersonKey, deps: AnnounceDeps): Promise<Marks> {
  const identity = await deps.identities.get(key);
  const marks = await markNews(key, deps);
  if (identity !== null) {
    await deps.identities.announced(identity.source, [{ key, version: identity.version }]);
  }
  return marks;
}

/** Stores what the event says, as far as nothing newer is known. */
async function learn(event: PersonEvent, key: PersonKey, deps: AnnounceDeps): Promise<Receipt['result']> {
  let result: Receipt['result'] = 'stale';
  await store(key, deps, (known) => {
    const next = afterEvent(event, known, deps.now());
    // An event that is heard again, after a crash before its receipt, says nothing new and is not stale either.
    const again = known !== null && decides(event.order, known);
    result = again ? 'unchanged' : 'stale';
    if (next === null) return null;
    result = known !== null && sameKnowledge(known, next) ? 'unchanged' : 'accepted';
    return { key, source: event.source, stableId: event.person, ...next };
  });
  return result;
}

function decides(order: EventOrder, { orders }: Identity): boolean {
  return [orders?.attributes, orders?.presence].some((known) => known?.event === order.event);
}

type Knowledge = Required<Pick<Identity, 'presence' | 'entry' | 'orders'>>;

/**
 * What is known after an event; null where it is older than everything known. Attributes come from the newest event
 * that carried any, presence from the newest event of all, so every order of arrival ends in the same knowledge.
 */
function afterEvent(event: PersonEvent, known: Identity | null, at: Date): Knowledge | null {
  const { order, change } = event;
  const decidesPresence = compareOrder(order, known?.orders?.presence) > 0;
  const decidesAttributes = change.kind === 'upsert' && compareOrder(order, known?.orders?.attributes) > 0;
  if (!decidesPresence && !decidesAttributes) return null;
  const attributes = decidesAttributes ? change.attributes : (known?.entry.attributes ?? {});
  const attributesOrder = decidesAttributes ? order : known?.orders?.attributes;
  const revision = String(attributesOrder?.sequence ?? attributesOrder?.time ?? '');
  return {
    presence: decidesPresence
      ? presenceAfter(change.kind, at)
      : (known?.presence ?? presenceAfter('delete', at)),
    entry: { stableId: event.person, revision, attributes },
    orders: {
      presence: decidesPresence ? order : (known?.orders?.presence ?? order),
      ...(attributesOrder === undefined ? {} : { attributes: attributesOrder }),
    },
  };
}

function presenceAfter(change: PersonEvent['change']['kind'], at: Date): Presence {
  return change === 'upsert'
    ? { state: 'present' }
    : { state: 'absent', why: 'deleted', since: at.toISOString() };
}

/** Above 0 where `order` is newer than what is known. Sequence, then time, then the event's id. */
export function compareOrder(order: EventOrder, known: EventOrder | undefined): number {
  if (known === undefined) return 1;
  if (order.sequence !== undefined && known.sequence !== undefined && order.sequence !== known.sequence) {
    return order.sequence - known.sequence;
  }
  const later = Date.parse(order.time) - Date.parse(known.time);
  if (later !== 0) return later;
  return order.event < known.event ? -1 : Number(order.event > known.event);
}

function sameKnowledge(known: Identity, next: Knowledge): boolean {
  return (
    known.presence.state === next.presence.state &&
    sameAttributes(known.entry.attributes, next.entry.attributes)
  );
}
