/**
 * Bounds how long a request waits. The connection to Redis waits for Redis to come back, which is right for workers;
 * a caller of the API is rather told to come again. What was begun may still end well afterwards, which is harmless:
 * whatever a caller sends again is recognised.
 */
import { unavailable } from './problem.ts';

/** @throws the problem 503 when `milliseconds` have passed first */
export async function withinPatience<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unavailable('What Landbridge depends on did not answer in time. Send the request again.'));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
