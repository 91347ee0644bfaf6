import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { stopSignals } from '../../app/cli/stop-signals.ts';

function setup() {
  const process = new EventEmitter();
  let now = 5_000;
  const { stop, hurry } = stopSignals(process, () => now);
  return {
    /** @returns what has been asked for after this signal, so many milliseconds after the one before */
    receive(signal: string, after: number): { stop: boolean; hurry: boolean } {
      now += after;
      process.emit(signal);
      return { stop: stop.aborted, hurry: hurry.aborted };
    },
  };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('the first %s asks, the second one insists', (signal) => {
  const { receive } = setup();
  expect(receive(signal, 0)).toEqual({ stop: true, hurry: false });
  expect(receive(signal, 1_000)).toEqual({ stop: true, hurry: true });
});

test('one Ctrl-C that npm passes on as well is one request, not two', () => {
  const { receive } = setup();
  expect(receive('SIGINT', 0)).toEqual({ stop: true, hurry: false });
  expect(receive('SIGINT', 3)).toEqual({ stop: true, hurry: false });
  expect(receive('SIGINT', 996)).toEqual({ stop: true, hurry: false });
  expect(receive('SIGINT', 1)).toEqual({ stop: true, hurry: true });
});
