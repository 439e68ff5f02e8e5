/** A real listener on a free loopback port over given front ends, with one bearer key. */
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import type { FrontEnd } from '../../src/api/http/exchange.js';
import { createListener, type ListenerParts, type RunningListener } from '../../src/api/http/listener.js';
import type { ListenerLimits } from '../../src/api/http/limits.js';
import type { Authenticator } from '../../src/contracts/identity.js';
import type { Log } from '../../src/contracts/telemetry.js';
import { StowageError } from '../../src/domain/errors.js';

/** The one key that `bearerAuthenticator` knows. */
export const bearerKey = 'sk-wire-test';

export const bearerAuthenticator: Authenticator = {
  authenticate: ({ headers }) => {
    const { authorization } = headers;
    if (typeof authorization !== 'string')
      throw StowageError.of('KEY-400', { problem: 'the header is missing' });
    if (authorization !== `Bearer ${bearerKey}`) throw StowageError.of('KEY-402', {});
    return { keyId: 'wire', account: '123456789012', region: null };
  },
};

/** Keeps every line; `errors` are defects and must stay empty. */
export class RecordingLog implements Log {
  readonly lines: { readonly level: string; readonly facts: object; readonly message: string }[] = [];

  debug(facts: object, message: string): void {
    this.lines.push({ level: 'debug', facts, message });
  }
  info(facts: object, message: string): void {
    this.lines.push({ level: 'info', facts, message });
  }
  warn(facts: object, message: string): void {
    this.lines.push({ level: 'warn', facts, message });
  }
  error(facts: object, message: string): void {
    this.lines.push({ level: 'error', facts, message });
  }
  get errors(): readonly object[] {
    return this.lines.filter(({ level }) => level === 'error');
  }
}

export interface WireListener extends RunningListener {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly log: RecordingLog;
}

/** Starts it; close it with `close(0)`. */
export async function startWireListener(
  frontEnds: readonly [FrontEnd, ...FrontEnd[]],
  limits: Partial<ListenerLimits> = {},
  parts: Partial<ListenerParts> = {},
): Promise<WireListener> {
  const log = new RecordingLog();
  const listener = createListener({
    frontEnds,
    authenticator: bearerAuthenticator,
    authorize: () => undefined,
    clock: systemClock,
    random: systemRandom,
    log,
    limits,
    ...parts,
  });
  const running = await listener.start('127.0.0.1', 0);
  return {
    port: running.port,
    url: `http://127.0.0.1:${running.port}`,
    log,
    close: (graceMs) => running.close(graceMs),
  };
}
