/** `stowage bench --service-profile FILE`: measures one copy and writes its service profile for the forecast. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { StowageError } from '../../domain/errors.js';
import type { ServiceProfile } from '../../domain/service-profile.js';
import type { CallTarget } from '../../toolkit/benchmark/call-dialect.js';
import { measureProfile } from '../../toolkit/benchmark/measure-profile.js';
import { errorOfCall } from './call-failure.js';
import { ExitCode } from './exit-code.js';
import { openProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export interface ProfileFlags {
  readonly serviceProfile: string;
  /** Calls at once at most: what the copy computes at once. */
  readonly clients: number;
  readonly promptTokens?: number;
  /** Milliseconds that a start took, as measured elsewhere. */
  readonly coldStart?: number;
  /** MiB that the copy holds. */
  readonly copyMemory?: number;
}

const promptTokensMaxDefault = 1024;

export async function benchProfile(
  target: CallTarget,
  flags: ProfileFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { clients, promptTokens, coldStart, copyMemory, serviceProfile: file } = flags;
  const line = openProgress(terminal, () => performance.now());
  const { service, calls, failure } = await measureProfile(
    target,
    clients,
    promptTokens ?? promptTokensMaxDefault,
    ({ ended, planned }) =>
      line.update({ phase: `${ended}/${planned} calls`, fraction: ended / planned, detail: 'measuring' }),
  ).finally(line.clear);
  if (failure !== null) {
    terminal.fail(errorOfCall(failure, target.url));
    return ExitCode.Failed;
  }
  const start = coldStart ?? null;
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`;
  const profile: ServiceProfile = {
    name: target.model ?? target.url,
    source: {
      command: `stowage bench --service-profile, ${calls} calls, 1 to ${clients} at once`,
      machine,
      commit: commitHere(),
      isAssumed: false,
    },
    ...rounded(service),
    coldStartMs: { asleep: null, pageCache: start, disk: start, remote: null },
    memoryBytes: Math.round((copyMemory ?? 0) * 1024 * 1024),
  };
  write(file, `${JSON.stringify(profile, null, 2)}\n`);
  terminal.write(
    [
      `prompt          ${service.promptTokensPerSecond.toFixed(0)} tokens/s`,
      `overhead        ${service.overheadMs.toFixed(1)} ms`,
      `step            ${service.stepMs.toFixed(2)} ms + ${service.stepMsPerSequence.toFixed(3)} ms a sequence`,
      `written         ${file}`,
      '',
    ].join('\n'),
  );
  return ExitCode.Ok;
}

function rounded<Model extends object>(model: Model): Model {
  return Object.fromEntries(
    Object.entries(model).map(([key, value]) => [key, typeof value === 'number' ? round(value) : value]),
  ) as Model;
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw StowageError.of('FILE-010', { file, problem: (cause as Error).message }, { cause });
  }
}

/** Of the folder that it is called in; `unknown` outside of a repository. */
function commitHere(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
