/**
 * What control and serving have in common as processes: they are told what to do by the supervisor, leave signals to
 * it, and learn of its death by the end of their channel.
 */
import pino from 'pino';
import { systemClock } from '../../adapters/clock/system.js';
import type { Log } from '../../contracts/telemetry.js';
import { asStowageError } from '../../domain/errors.js';
import type { LogLevel } from '../server-options.js';
import type { FromProcess, ToProcess } from './process-messages.js';

export interface StartedProcess {
  readonly port: number;
  /** Finishes what is open and resolves; may be called again with `isImmediate`. */
  close(isImmediate: boolean): Promise<void>;
  /** The supervisor is gone: leaves everything so that the next one can take over, and resolves. */
  orphaned(): Promise<void>;
}

/** Time for a log's last lines, milliseconds. */
const lastLinesMs = 20;

/** Runs the process: once `start` is told its settings, until the supervisor ends it or is gone. */
export function runProcess<Settings extends { readonly logLevel: LogLevel }>(
  name: string,
  start: (settings: Settings, log: Log) => Promise<StartedProcess>,
): void {
  // A terminal's interrupt reaches the whole process group; the supervisor says when this process is to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  let started: Promise<StartedProcess> | null = null;
  process.on('message', (message: ToProcess<Settings>) => {
    switch (message.type) {
      case 'start':
        started ??= begin(name, message.settings, start);
        return;
      case 'close':
        void end(started, (running) => running.close(message.isImmediate));
        return;
      default:
        message satisfies never;
    }
  });
  process.on('disconnect', () => void end(started, (running) => running.orphaned()));
}

async function begin<Settings extends { readonly logLevel: LogLevel }>(
  name: string,
  settings: Settings,
  start: (settings: Settings, log: Log) => Promise<StartedProcess>,
): Promise<StartedProcess> {
  const log = openLog(name, settings.logLevel);
  try {
    const running = await start(settings, log);
    tell({ type: 'started', port: running.port });
    return running;
  } catch (error) {
    const known = asStowageError(error);
    if (known.code === 'INT-500') log.error({ err: error }, 'the start failed');
    tell({ type: 'failed', error: known.toData() });
    systemClock.after(lastLinesMs, () => process.exit(1));
    return new Promise(() => undefined);
  }
}

async function end(
  started: Promise<StartedProcess> | null,
  act: (running: StartedProcess) => Promise<void>,
): Promise<void> {
  try {
    if (started !== null) await act(await started);
  } finally {
    systemClock.after(lastLinesMs, () => process.exit(0));
  }
}

function openLog(name: string, level: LogLevel): Log {
  const destination = pino.destination({ fd: 2, sync: false });
  // Whoever read it is gone; the work goes on.
  destination.on('error', () => undefined);
  return pino({ level, base: { process: name } }, destination);
}

function tell(message: FromProcess): void {
  if (process.connected) process.send?.(message);
}
