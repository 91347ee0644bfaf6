/** The place after which the next page of a list begins, as a caller is given it: it may hold any name. */
import { invalidRequest } from './problem.ts';

export function cursorTo(place: string): string {
  return Buffer.from(place, 'utf8').toString('base64url');
}

/** @throws Problem where it is no cursor of ours */
export function placeIn(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursorTo(place) === cursor) return place;
  throw invalidRequest([{ field: 'after', message: 'must be the `next` of an earlier answer.' }]);
}
