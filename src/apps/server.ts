/**
 * The composition root of a server: control, serving and the front ends in one process, workers beside it.
 * Nothing here decides anything; it builds what the rooms receive and ties their ends together.
 */
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { systemClock } from '../adapters/clock/system.js';
import { createLocalProcessFleet } from '../adapters/fleet/local-process/fleet.js';
import {
  createKeyAuthenticator,
  type KeyAuthenticator,
} from '../adapters/identity/key-file/authenticator.js';
import { KeyStore } from '../adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../adapters/identity/sigv4/verify.js';
import { createSocketDialer } from '../adapters/link/unix-socket/dialer.js';
import { systemRandom } from '../adapters/random/system.js';
import { createPrometheusTelemetry } from '../adapters/telemetry/prometheus/telemetry.js';
import { createAdminFrontEnd } from '../api/admin/front-end.js';
import { createListener, type RunningListener } from '../api/http/listener.js';
import { createOpenAiBodies, createOpenAiFrontEnd } from '../api/openai/front-end.js';
import { createSageMakerFrontEnd } from '../api/sagemaker/front-end.js';
import type { Principal } from '../contracts/identity.js';
import type { Log } from '../contracts/telemetry.js';
import { createControl } from '../control/control.js';
import type { ComponentExplanation, Control } from '../control/facade.js';
import { mayDo } from '../decide/access/may-do.js';
import { StowageError } from '../domain/errors.js';
import { createServing, type RunningServing } from '../serving/serving.js';
import type { ComponentProgress, RunningServer, RunServer, ServerOptions } from './server-options.js';

/** How often readiness is looked at while the first copies load, milliseconds. */
const readinessLookMs = 50;

export const runServer: RunServer = async (options) => {
  const log: Log = pino({ level: options.logLevel, base: null }, pino.destination({ fd: 2, sync: false }));
  const { store, first } = KeyStore.open(options.dataDir, systemClock);
  const authenticator = createKeyAuthenticator({
    store,
    signatures: new SignatureVerifier(systemClock),
    clock: systemClock,
    log,
  });
  const telemetry = createPrometheusTelemetry();
  const dialer = createSocketDialer({ clock: systemClock });
  const fleet = createLocalProcessFleet({
    clock: systemClock,
    log,
    dialer,
    workerPath: fileURLToPath(new URL('./worker-main.js', import.meta.url)),
    dataFolder: options.dataDir,
  });
  const control = createControl({
    fleet,
    clock: systemClock,
    random: systemRandom,
    log,
    telemetry,
    limits: { coresMax: availableParallelism(), memoryBytesTotal: totalmem() },
  });
  const serving = createServing(control.feed, {
    clock: systemClock,
    random: systemRandom,
    dialer,
    telemetry,
    log,
  });
  const openAiParts = { serving, clock: systemClock, random: systemRandom };
  const openai = createOpenAiFrontEnd(openAiParts);
  const sagemaker = createSageMakerFrontEnd({
    serving,
    random: systemRandom,
    openAiBodies: createOpenAiBodies(openAiParts),
  });
  const admin = createAdminFrontEnd({
    isReady: () => serving.isReady(),
    metricsText: () => telemetry.page(),
  });
  const listener = createListener({
    frontEnds: [openai, sagemaker, admin],
    authenticator,
    authorize: authorizer(authenticator),
    clock: systemClock,
    random: systemRandom,
    log,
    ...(options.tls === null ? {} : { tls: options.tls }),
  });
  let listening: RunningListener;
  try {
    listening = await listener.start(options.host, options.port);
  } catch (error) {
    if (first !== null)
      options.out.say('first keys were made; they are in the data folder: api-key, credentials');
    authenticator.close();
    await serving.close(0);
    await control.close(0);
    await fleet.close();
    throw error;
  }
  control.setDesired(options.endpoints);
  log.info({ port: listening.port, host: options.host }, 'listening');
  const parts = { listening, serving, control, endProcesses: () => fleet.close(), authenticator };
  return new ComposedServer(options, first, parts);
};

function authorizer(authenticator: KeyAuthenticator) {
  return (principal: Principal, action: string, resource: string): void => {
    if (mayDo(authenticator.actionsOf(principal), action)) return;
    throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
  };
}

interface ServerParts {
  readonly listening: RunningListener;
  readonly serving: RunningServing;
  readonly control: Control;
  readonly endProcesses: () => Promise<void>;
  readonly authenticator: KeyAuthenticator;
}

class ComposedServer implements RunningServer {
  readonly port: number;
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  private closing: Promise<void> | null = null;
  /** No request may run longer than this. */
  private readonly drainMsMax: number;
  private settleClosed: () => void = () => {};

  constructor(
    options: ServerOptions,
    readonly keys: RunningServer['keys'],
    private readonly parts: ServerParts,
  ) {
    this.port = parts.listening.port;
    const predictSeconds = options.endpoints.flatMap(({ components }) =>
      components.map((component) => component.options.predictSecondsMax),
    );
    this.drainMsMax = Math.max(0, ...predictSeconds) * 1000;
    this.closed = new Promise((resolve) => (this.settleClosed = resolve));
    this.ready = this.untilReady(options);
    this.ready.catch(() => {});
  }

  progress(listener: (update: ComponentProgress) => void): () => void {
    const { control } = this.parts;
    const tell = () => {
      for (const explanation of control.explain()) listener(progressOf(explanation));
    };
    tell();
    return control.onChange(tell);
  }

  async close(immediate = false): Promise<void> {
    if (immediate) await this.end(0);
    this.closing ??= this.end(this.drainMsMax);
    await this.closing;
  }

  private async end(graceMs: number): Promise<void> {
    const { listening, serving, control, endProcesses, authenticator } = this.parts;
    await Promise.all([serving.close(graceMs), listening.close(graceMs)]);
    await control.close(graceMs === 0 ? 0 : 1000);
    await endProcesses();
    authenticator.close();
    this.settleClosed();
  }

  private untilReady(options: ServerOptions): Promise<void> {
    const { serving } = this.parts;
    const expectsNone = options.endpoints.every((endpoint) =>
      endpoint.components.every((component) => component.copies.min === 0),
    );
    if (expectsNone) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const look = () => {
        if (isOver) return;
        if (serving.isReady()) resolve();
        else systemClock.after(readinessLookMs, look);
      };
      look();
      void this.closed.then(() => {
        isOver = true;
        reject(StowageError.of('COLD-503', {}));
      });
    });
  }
}

/** How far a component is, from control's explanation of it. */
function progressOf(explanation: ComponentExplanation): ComponentProgress {
  const { component, copiesReady, copiesWanted, copies } = explanation;
  const furthest = copies.reduce<{ phase: string; fraction: number }>(
    (best, copy) => (copy.loading !== null && copy.loading.fraction >= best.fraction ? copy.loading : best),
    { phase: 'starting', fraction: 0 },
  );
  const failure = copiesReady > 0 ? null : (copies.find((copy) => copy.error !== null)?.error ?? null);
  return { component, copiesReady, copiesWanted, ...furthest, failure };
}
