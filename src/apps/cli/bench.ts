/** `stowage bench`: load on any server that speaks OpenAI's or SageMaker's wire, and what it measured. */
import { StowageError } from '../../domain/errors.js';
import type { CallFailure } from '../../toolkit/benchmark/inference-client.js';
import { parsePrompts, synthesizePrompt } from '../../toolkit/benchmark/prompts.js';
import type { LoadPrompt } from '../../toolkit/benchmark/prompts.js';
import { runLoad } from '../../toolkit/benchmark/run-load.js';
import type { LoadPattern, LoadProgress } from '../../toolkit/benchmark/run-load.js';
import { parseTrace } from '../../toolkit/benchmark/trace.js';
import { benchTable } from './bench-report.js';
import { callTarget } from './call-target.js';
import type { CallFlags } from './call-target.js';
import { errorOfCall } from './call-failure.js';
import { readTextFile } from './configuration-file.js';
import { ExitCode } from './exit-code.js';
import { openProgress } from './progress.js';
import { OutputFormat, renderValue } from './render.js';
import type { Session } from './session.js';

export interface BenchFlags extends CallFlags {
  readonly model?: string;
  readonly clients: number;
  readonly requests?: number;
  readonly duration?: number;
  readonly prompts?: string;
  readonly trace?: string;
  readonly speed: number;
  readonly traceRows?: number;
  readonly promptTokens?: number;
  readonly maxTokens?: number;
  readonly temperature: number;
  readonly seed?: number;
  readonly ignoreEos?: boolean;
  readonly warmup: number;
  readonly stream: boolean;
  readonly serviceProfile?: string;
  readonly coldStart?: number;
  readonly copyMemory?: number;
}

const fileBytesMax = 512 * 1024 * 1024;
const requestsDefault = 64;
const promptTokensDefault = 128;
/** Different made-up prompts, so that nothing is answered from a cache of the one before. */
const synthesizedMax = 256;
const openMax = 4096;

export async function bench(
  text: string | undefined,
  flags: BenchFlags,
  session: Session,
): Promise<ExitCode> {
  const { terminal, format } = session;
  if (flags.trace !== undefined && flags.prompts !== undefined) {
    throw StowageError.of('USE-640', {
      problem: 'a trace has its own prompts',
      suggestion: 'leave --prompts or --trace out',
    });
  }
  const target = await callTarget(text ?? null, flags.model ?? null, flags, session);
  const { serviceProfile } = flags;
  if (serviceProfile !== undefined) {
    const { benchProfile } = await import('./bench-profile.js');
    return benchProfile(target, { ...flags, serviceProfile }, terminal);
  }
  const pattern = await patternOf(flags);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  const line = openProgress(terminal, () => performance.now());
  let firstFailure: CallFailure | null = null;
  const report = await runLoad({
    target,
    pattern,
    newTokensMax: flags.maxTokens ?? null,
    temperature: flags.temperature,
    seed: flags.seed ?? null,
    endTokensIgnored: flags.ignoreEos ?? pattern.kind === 'trace',
    stream: flags.stream,
    warmupRequests: flags.warmup,
    signal: interruption.signal,
    onProgress: (progress) => line.update(stateOf(progress, flags)),
    onOutcome: ({ failure }) => {
      firstFailure ??= failure;
    },
  });
  process.off('SIGINT', interrupt);
  line.clear();
  if (firstFailure !== null) terminal.fail(errorOfCall(firstFailure, target.url));
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    const { url, api, model, endpoint } = target;
    terminal.write(
      renderValue({ target: { url, api, model, endpoint }, load: loadFacts(flags), ...report }, format),
    );
  } else terminal.write(benchTable(report));
  if (interruption.signal.aborted) return ExitCode.Interrupted;
  return report.requests.completed > 0 && report.requests.failed === 0 ? ExitCode.Ok : ExitCode.Failed;
}

async function patternOf(flags: BenchFlags): Promise<LoadPattern> {
  if (flags.trace !== undefined) {
    const arrivals = parseTrace(await readTextFile(flags.trace, fileBytesMax), flags.trace);
    const { speed, traceRows, promptTokens } = flags;
    const chosen = arrivals.slice(0, traceRows);
    return { kind: 'trace', arrivals: chosen, speed, promptTokensMax: promptTokens ?? null, openMax };
  }
  return {
    kind: 'clients',
    clients: flags.clients,
    requests: flags.requests ?? (flags.duration === undefined ? requestsDefault : null),
    seconds: flags.duration ?? null,
    prompts: await promptsOf(flags),
  };
}

async function promptsOf({ prompts, promptTokens, seed }: BenchFlags): Promise<LoadPrompt[]> {
  if (prompts !== undefined) return parsePrompts(await readTextFile(prompts, fileBytesMax), prompts);
  return Array.from({ length: synthesizedMax }, (_, index) => ({
    prompt: synthesizePrompt(promptTokens ?? promptTokensDefault, index + (seed ?? 0) * synthesizedMax),
    suffix: null,
    newTokensMax: null,
  }));
}

function stateOf({ ended, failed, open, planned, outputTokens, seconds }: LoadProgress, flags: BenchFlags) {
  const byCount = planned === null ? 0 : ended / planned;
  const byTime = flags.duration === undefined ? 0 : seconds / flags.duration;
  const speed = seconds > 0 ? Math.round(outputTokens / seconds) : 0;
  return {
    phase: `${ended}${planned === null ? '' : `/${planned}`} calls`,
    fraction: Math.min(1, Math.max(byCount, byTime)),
    detail: `${speed} tokens/s, ${open} open${failed === 0 ? '' : `, ${failed} failed`}`,
  };
}

function loadFacts(flags: BenchFlags): object {
  return flags.trace === undefined
    ? {
        clients: flags.clients,
        requests: flags.requests ?? null,
        durationSeconds: flags.duration ?? null,
        prompts: flags.prompts ?? null,
      }
    : { trace: flags.trace, speed: flags.speed, rows: flags.traceRows ?? null };
}
