/** Has garbage collected again and again, so that a test shows what would only be lost in a long-lived process. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 20;

/** @returns ends it */
export function keepCollectingGarbage(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const timer = setInterval(collect, EVERY_MS);
  return () => clearInterval(timer);
}
