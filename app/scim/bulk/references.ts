/**
 * References between bulk operations: `bulkId:x` in place of an id that does not exist yet (draft-scim-api-01, 3.5.2).
 * Within a request the target resolves them, and many do so only backwards; from one request to the next it is done
 * here. Pure.
 */
import { isJsonList, isJsonObject, type Json } from '../resource.ts';
import type { BulkOperation } from './bulk-target.ts';

const PREFIX = 'bulkId:';

/** What an operation's references stand for: an id, or undefined where they stay as they are. */
export type Resolve = (bulkId: string) => string | undefined;

/** The bulkIds that an operation refers to, each once. */
export function referencesOf(operation: BulkOperation): readonly string[] {
  const found = new Set<string>();
  mapReferences(operation, (bulkId) => {
    found.add(bulkId);
    return undefined;
  });
  return [...found];
}

export function resolved<T extends BulkOperation>(operation: T, resolve: Resolve): T {
  return mapReferences(operation, resolve);
}

/**
 * The operations so that whatever others refer to comes before them; otherwise in the order given. Operations that
 * refer to each other in a circle stay beside each other.
 * @param references for each operation the indices of those that it refers to
 * @returns indices
 */
export function referredFirst(references: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const begun = new Set<number>();
  for (const start of references.keys()) {
    // Not by recursion: a chain of managers may be as long as the list.
    const way: { at: number; next: number }[] = [];
    const enter = (at: number) => {
      if (begun.has(at)) return;
      begun.add(at);
      way.push({ at, next: 0 });
    };
    enter(start);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const target = references[step.at]?.[step.next];
      step.next += 1;
      if (target !== undefined) enter(target);
      else order.push(...way.splice(-1).map(({ at }) => at));
    }
  }
  return order;
}

function mapReferences<T extends BulkOperation>(operation: T, resolve: Resolve): T {
  const inText = (text: string): string => {
    const bulkId = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
    return (bulkId === '' ? undefined : resolve(bulkId)) ?? text;
  };
  const path = operation.path
    .split('/')
    .map((segment) => {
      const target = inText(segment);
      return target === segment ? segment : encodeURIComponent(target);
    })
    .join('/');
  return 'data' in operation
    ? { ...operation, path, data: mapTexts(operation.data, inText) }
    : { ...operation, path };
}

function mapTexts(value: Json, inText: (text: string) => string): Json {
  if (typeof value === 'string') return inText(value);
  if (isJsonList(value)) return value.map((item) => mapTexts(item, inText));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, inText)]));
}
