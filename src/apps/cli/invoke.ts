/** `stowage invoke`: one prompt, and its answer as it comes. */
import { StowageError } from '../../domain/errors.js';
import { openClient } from '../../toolkit/benchmark/inference-client.js';
import { callTarget } from './call-target.js';
import type { CallFlags } from './call-target.js';
import { errorOfCall, withKeyMend } from './call-failure.js';
import { readTextFile } from './configuration-file.js';
import { ExitCode } from './exit-code.js';
import { duration } from './progress.js';
import { OutputFormat } from './render.js';
import type { Session } from './session.js';
import { Paint } from './paint.js';

export interface InvokeFlags extends CallFlags {
  readonly prompt?: string;
  readonly file?: string;
  readonly suffix?: string;
  readonly maxTokens?: number;
  readonly temperature: number;
  readonly seed?: number;
  readonly stream: boolean;
}

const promptBytesMax = 16 * 1024 * 1024;
const callMsMax = 3_600_000;

export async function invoke(text: string, flags: InvokeFlags, session: Session): Promise<ExitCode> {
  const { terminal, format } = session;
  const target = await callTarget(text, null, flags, session);
  const prompt = await promptOf(flags, session);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  const client = openClient(target, callMsMax);
  const isWhole = format === OutputFormat.Json || format === OutputFormat.Yaml;
  let answer = '';
  const outcome = await client.call(
    {
      prompt,
      suffix: flags.suffix ?? null,
      newTokensMax: flags.maxTokens ?? null,
      temperature: flags.temperature,
      seed: flags.seed ?? null,
      endTokensIgnored: false,
      stream: flags.stream,
    },
    (piece) => {
      answer += piece;
      if (!isWhole) terminal.write(piece);
    },
    interruption.signal,
  );
  process.off('SIGINT', interrupt);
  client.close();
  if (!isWhole && answer !== '' && !answer.endsWith('\n')) terminal.write('\n');
  if (outcome.failure?.kind === 'aborted') return ExitCode.Interrupted;
  if (outcome.failure !== null) throw withKeyMend(errorOfCall(outcome.failure, target.url));
  const { record, finishReason } = outcome;
  const firstTokenMs = record.arrivals[0] === undefined ? null : record.arrivals[0] - record.startedAt;
  const ms = record.endedAt - record.startedAt;
  if (isWhole) {
    const facts = {
      text: answer,
      finishReason,
      promptTokens: record.promptTokens,
      outputTokens: record.outputTokens,
      timeToFirstTokenMs: firstTokenMs,
      latencyMs: ms,
    };
    const { renderValue } = await import('./render.js');
    terminal.write(renderValue(facts, format));
  } else if (terminal.isLive) {
    const speed =
      firstTokenMs === null || ms <= firstTokenMs ? '' : `, first after ${duration(firstTokenMs)}`;
    terminal.say(
      terminal.paint(Paint.Dim, `${record.outputTokens} tokens in ${duration(ms)}${speed} (${finishReason})`),
    );
  }
  return ExitCode.Ok;
}

async function promptOf(flags: InvokeFlags, session: Session): Promise<string> {
  if (flags.prompt !== undefined && flags.file !== undefined) {
    throw StowageError.of('USE-640', {
      problem: 'there are two prompts',
      suggestion: 'give either --prompt or --file',
    });
  }
  if (flags.prompt !== undefined) return flags.prompt;
  if (flags.file !== undefined && flags.file !== '-') return readTextFile(flags.file, promptBytesMax);
  if (flags.file === undefined && session.mayAsk) {
    session.terminal.say('type the prompt, then Ctrl-D');
  } else if (flags.file === undefined && process.stdin.isTTY) {
    throw StowageError.of('USE-640', {
      problem: 'there is no prompt',
      suggestion: 'give one with --prompt TEXT',
    });
  }
  return session.readInput();
}
