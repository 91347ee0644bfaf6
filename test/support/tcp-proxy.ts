/**
 * A TCP proxy on loopback that can misbehave as networks do: cut, close one side, fall silent, answer late.
 * It passes bytes and knows no protocol; a test says after how many bytes of answers something shall happen.
 */
import { once } from 'node:events';
import net from 'node:net';

export type Fault = 'reset' | 'half-close' | 'silence';

export type TcpProxy = {
  readonly port: number;
  /** How many connections were accepted since the start. */
  accepted(): number;
  /** How many bytes of answers came from the server since the start. */
  answered(): number;
  /** Does this to each connection as soon as so many bytes of answers were passed over it. */
  faultAfter(answerBytes: number, fault: Fault): void;
  /** Holds back each chunk of an answer for so long. */
  delayAnswers(ms: number): void;
  /** Back to passing everything on. */
  behave(): void;
  /** Does this to all open connections now. */
  strike(fault: Fault): void;
  stop(): Promise<void>;
};

type Pair = { readonly client: net.Socket; readonly server: net.Socket; passed: number; silent: boolean };

type State = {
  readonly pairs: Set<Pair>;
  accepted: number;
  answered: number;
  plan: { readonly bytes: number; readonly fault: Fault } | null;
  delayMs: number;
};

export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const state: State = { pairs: new Set(), accepted: 0, answered: 0, plan: null, delayMs: 0 };
  const listener = net.createServer({ allowHalfOpen: true }, (client) =>
    join(state, client, net.connect(targetPort, targetHost)),
  );
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    accepted: () => state.accepted,
    answered: () => state.answered,
    faultAfter: (bytes, fault) => {
      state.plan = { bytes, fault };
    },
    delayAnswers: (ms) => {
      state.delayMs = ms;
    },
    behave: () => {
      state.plan = null;
      state.delayMs = 0;
    },
    strike: (fault) => {
      for (const pair of state.pairs) inflict(pair, fault);
    },
    stop: async () => {
      for (const pair of state.pairs) end(pair);
      listener.close();
      await once(listener, 'close');
    },
  };
}

function join(state: State, client: net.Socket, server: net.Socket): void {
  const pair: Pair = { client, server, passed: 0, silent: false };
  state.accepted += 1;
  state.pairs.add(pair);
  client.on('data', (chunk: Buffer) => pair.server.write(chunk));
  client.on('end', () => pair.server.end());
  pair.server.on('data', (chunk: Buffer) => passAnswer(state, pair, chunk));
  for (const socket of [client, pair.server]) {
    socket.on('error', () => {});
    socket.on('close', () => {
      end(pair);
      state.pairs.delete(pair);
    });
  }
}

function passAnswer(state: State, pair: Pair, chunk: Buffer): void {
  state.answered += chunk.length;
  if (pair.silent) return;
  const { plan } = state;
  const passed = plan === null ? chunk : chunk.subarray(0, Math.max(0, plan.bytes - pair.passed));
  pair.passed += passed.length;
  if (state.delayMs > 0) setTimeout(() => pair.client.write(passed), state.delayMs);
  else pair.client.write(passed);
  if (plan !== null && pair.passed >= plan.bytes) inflict(pair, plan.fault);
}

function inflict(pair: Pair, fault: Fault): void {
  if (fault === 'reset') pair.client.resetAndDestroy();
  else pair.silent = true;
  if (fault === 'half-close') pair.client.end();
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}
