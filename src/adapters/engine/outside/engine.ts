/**
 * A program of others as an engine: started on a free port of this machine, awaited until it says that it is well, asked
 * over HTTP. It is never started twice; when it ends, whoever has the engine is told and ends, too.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineInfo } from '../../../contracts/engine.js';
import {
  type OutsideEnd,
  type OutsideEngine,
  type OutsideGeneration,
  type OutsidePart,
  unknownToken,
} from '../../../contracts/outside-engine.js';
import { StowageError } from '../../../domain/errors.js';
import type { Computation, ComputationResult } from '../../../domain/inference.js';
import { askForJson, embed, invoke, rerank } from './computations.js';
import { type Dialect, WithoutLimit } from './dialect.js';
import { readEvents } from './event-stream.js';
import { type BodyFacts, generationCall } from './generation-body.js';
import { GenerationEvents } from './generation-events.js';
import { open, postJson, type ProgramAddress, readWhole } from './http-client.js';
import type { OutsideProgram } from './program.js';
import { refusalOf } from './refusals.js';

/** Between two looks at a program that starts, milliseconds. */
const startLookMs = 50;
/** A program that is well says so within this, milliseconds. */
const healthMsMax = 5_000;
/** After a broken connection the program's own end is awaited this long, milliseconds. */
const endMsMax = 1_000;
const healthBytesMax = 1024 * 1024;

export interface OutsideEngineParts {
  readonly program: OutsideProgram;
  readonly address: ProgramAddress;
  readonly healthPath: string;
  /** Null = it speaks SageMaker's container protocol and nothing else. */
  readonly dialect: Dialect | null;
  readonly info: EngineInfo;
  readonly facts: BodyFacts;
}

/** A port that is free at this moment. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export function newKey(): string {
  return randomBytes(24).toString('base64url');
}

/** Resolves when the program says that it is well. Rejects with its end, or with the reason of `signal`. */
export async function untilWell(
  program: OutsideProgram,
  address: ProgramAddress,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  let end: string | null = null;
  void program.ended.then((how) => (end = how));
  while (!(await answersWell(address, path))) {
    signal.throwIfAborted();
    if (end !== null) throw new Error(end);
    await pause(startLookMs);
  }
  // Another program may have answered at the port of one that ended.
  await pause(0);
  if (end !== null) throw new Error(end);
}

async function answersWell(address: ProgramAddress, path: string): Promise<boolean> {
  try {
    const answer = await open(address, { method: 'GET', path }, AbortSignal.timeout(healthMsMax));
    await readWhole(answer, healthBytesMax);
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

export class HttpEngine implements OutsideEngine {
  readonly info: EngineInfo;
  readonly ended: Promise<string>;

  constructor(private readonly parts: OutsideEngineParts) {
    this.info = parts.info;
    this.ended = parts.program.ended;
  }

  async generate(
    request: OutsideGeneration,
    onPart: (part: OutsidePart) => void,
    signal: AbortSignal,
  ): Promise<OutsideEnd> {
    const { dialect } = this.parts;
    if (dialect === null)
      throw StowageError.of('RUN-308', { reason: 'its container generates no text by itself' });
    return this.guarded(signal, () => this.stream(dialect, request, onPart, signal));
  }

  compute(computation: Computation, signal: AbortSignal): Promise<ComputationResult> {
    const { address, facts, dialect } = this.parts;
    const model = { servedName: facts.servedName, truncationField: dialect?.truncationField ?? null };
    return this.guarded(signal, async () => {
      switch (computation.kind) {
        case 'embed':
          return embed(address, model, computation, signal);
        case 'rerank':
          return rerank(address, model, computation, signal);
        case 'invoke':
          return invoke(address, computation, signal);
        default:
          return computation satisfies never;
      }
    });
  }

  isWell(): Promise<boolean> {
    return answersWell(this.parts.address, this.parts.healthPath);
  }

  memoryBytes(): number {
    return this.parts.program.memoryBytes();
  }

  close(): void {
    this.parts.program.close();
  }

  private async stream(
    dialect: Dialect,
    request: OutsideGeneration,
    onPart: (part: OutsidePart) => void,
    signal: AbortSignal,
  ): Promise<OutsideEnd> {
    const { address, facts } = this.parts;
    const limited = await this.withLimit(dialect, request, signal);
    const { path, body } = generationCall(dialect, limited, facts);
    const answer = await open(address, postJson(path, body), signal);
    const { statusCode = 0 } = answer;
    if (statusCode !== 200) throw refusalOf(statusCode, (await readWhole(answer)).toString('utf8'));
    const events = new GenerationEvents(request.logprobs);
    for await (const data of readEvents(answer as AsyncIterable<Uint8Array>)) {
      if (data === '[DONE]') break;
      const part = events.read(data);
      if (part !== null) onPart(part);
    }
    const { end, uncounted } = events.finish();
    if (uncounted > 0) onPart({ text: '', tokens: new Array<number>(uncounted).fill(unknownToken) });
    return end;
  }

  /** The request with a limit where the program would take none for a few tokens. */
  private async withLimit(
    dialect: Dialect,
    request: OutsideGeneration,
    signal: AbortSignal,
  ): Promise<OutsideGeneration> {
    const { address, facts } = this.parts;
    const { prompt } = request;
    const isNeeded =
      dialect.withoutLimit === WithoutLimit.Counted &&
      prompt.kind !== 'chat' &&
      request.newTokensMax === null &&
      facts.newTokensDefault === 0 &&
      facts.contextTokens > 0;
    if (!isNeeded) return request;
    let count = prompt.kind === 'tokens' ? prompt.tokens.length : 0;
    if (prompt.kind === 'text') {
      const asked = postJson('/tokenize', { model: facts.servedName, prompt: prompt.prompt });
      count = ((await askForJson(address, asked, signal)) as { count?: number }).count ?? 0;
    }
    return { ...request, newTokensMax: Math.max(1, facts.contextTokens - count) };
  }

  /** A connection that breaks because the program ends is the program's end, and is told as such by `ended`. */
  private async guarded<Result>(signal: AbortSignal, task: () => Promise<Result>): Promise<Result> {
    try {
      return await task();
    } catch (error) {
      if (signal.aborted || error instanceof StowageError) throw error;
      const hasEnded = await Promise.race([
        this.ended.then(() => true),
        pause(endMsMax, false, { ref: false }),
      ]);
      if (hasEnded) return new Promise<never>(() => undefined);
      const reason = `the connection to its program broke (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      throw StowageError.of('RUN-308', { reason }, { cause: error });
    }
  }
}
