/**
 * The watermark of an LDAP source: which tracking has come how far. Opaque to everybody else.
 */
import * as z from 'zod';
import type { Watermark } from '../../source.ts';
import { TRACKING_NAMES, type TrackingName } from './names.ts';
import type { Mark } from './tracking.ts';

export type Progressed = { readonly tracking: TrackingName; readonly mark: Mark };

const stored = z.strictObject({ v: z.literal(2), tracking: z.enum(TRACKING_NAMES), mark: z.unknown() });

export function formatWatermark({ tracking, mark }: Progressed): Watermark {
  return JSON.stringify({ v: 2, tracking, mark }) as Watermark;
}

/** @returns null where the text is not a watermark of an LDAP source */
export function parseWatermark(text: string): Progressed | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const result = stored.safeParse(json);
  return result.success ? { tracking: result.data.tracking, mark: result.data.mark } : null;
}
