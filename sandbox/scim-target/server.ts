/**
 * Starts and stops the sandbox target: the SCIM server and the control server, each on a loopback port of its own.
 * Nothing outside this machine can reach it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl } from './control-api.ts';
import { type Manner, readAsk, sendReply } from './exchange.ts';
import { close, HOST, listen, portOf } from './loopback.ts';
import type { RateHeaderStyle } from './rate-headers.ts';
import { errorReply } from './reply.ts';
import { createScimServer } from './scim-server.ts';
import { keepOnDisk } from './snapshot.ts';
import { type Surroundings, type TargetOptions, TargetState } from './target-state.ts';

export type ServerOptions = TargetOptions & {
  /** 0 takes a free one. */
  readonly port: number;
  readonly controlPort: number;
  readonly rateHeaders: RateHeaderStyle;
  /** File that keeps accounts and tokens over a restart; without it they live in memory. */
  readonly data: string | undefined;
};

export type RunningTarget = {
  readonly scim: string;
  readonly control: string;
  /** Cuts open connections, so that it ends at once. */
  stop(): Promise<void>;
};

/** @throws when a port is taken or the data file cannot be used */
export async function startTarget(
  options: ServerOptions,
  surroundings: Surroundings,
): Promise<RunningTarget> {
  const state = new TargetState(options, surroundings);
  const stopKeeping = options.data === undefined ? () => {} : keepOnDisk(state, options.data);
  const closing = new AbortController();
  const scim = createScimServer(state, options.rateHeaders, closing.signal);
  const control = createControlServer(state);
  await listen(scim, options.port);
  await listen(control, options.controlPort);
  return {
    scim: `http://${HOST}:${portOf(scim)}${options.dialect.base}`,
    control: `http://${HOST}:${portOf(control)}`,
    stop: async () => {
      closing.abort();
      await Promise.all([scim, control].map(close));
      stopKeeping();
    },
  };
}

/** The control side speaks one way, whatever the dialect. */
const CONTROL_MANNER: Manner = {
  errors: 'string-code',
  jsonType: 'application/json; charset=utf-8',
  methodOverride: false,
};

function createControlServer(state: TargetState): Server {
  return createServer((request, response) => {
    serveControl(state, request, response).catch(() => response.destroy());
  });
}

async function serveControl(
  state: TargetState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ask = await readAsk(request, CONTROL_MANNER);
  const reply = ask.problem ? errorReply(ask.problem.status, ask.problem.message) : answerControl(state, ask);
  await sendReply(response, reply, CONTROL_MANNER);
}
