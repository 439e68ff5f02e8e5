/** NAME.bin (tokens, 16 bits little endian) and NAME.idx (start, length, length of the prompt: 32 bits each). */
import { endianness } from 'node:os';
import type { EncodedSamples } from './encoded.js';
import { OutputFile, type WrittenFile } from './output.js';

interface EncodedSummary {
  samples: number;
  tokens: number;
  promptTokens: number;
  lengthMax: number;
  readonly kinds: Record<string, number>;
}

export class EncodedFiles {
  private readonly summary: EncodedSummary = {
    samples: 0,
    tokens: 0,
    promptTokens: 0,
    lengthMax: 0,
    kinds: {},
  };
  private readonly bin: OutputFile;
  private readonly idx: OutputFile;

  constructor(folder: string, name: string) {
    if (endianness() !== 'LE') throw new Error('this machine writes its numbers the other way round');
    this.bin = new OutputFile(folder, `${name}.bin`);
    this.idx = new OutputFile(folder, `${name}.idx`);
  }

  /** Adds those whose key `isNew`. */
  add(samples: EncodedSamples, isNew: (key: bigint) => boolean): void {
    const kept = new Uint16Array(samples.tokens.length);
    const index: number[] = [];
    let length = 0;
    for (const [at, kind] of samples.kinds.entries()) {
      if (!isNew(samples.keys[at]!)) continue;
      const [start, tokenCount, promptCount] = samples.index.subarray(3 * at, 3 * at + 3) as Iterable<number>;
      kept.set(samples.tokens.subarray(start, start! + tokenCount!), length);
      index.push(this.summary.tokens + length, tokenCount!, promptCount!);
      length += tokenCount!;
      this.count(kind, tokenCount!, promptCount!);
    }
    this.summary.tokens += length;
    this.bin.write(new Uint8Array(kept.buffer, 0, 2 * length));
    this.idx.write(new Uint8Array(Uint32Array.from(index).buffer));
  }

  /** How many, how long. */
  described(): object {
    const { samples, tokens, promptTokens, ...rest } = this.summary;
    const mean = (sum: number) => Math.round(sum / Math.max(samples, 1));
    const lengths = { lengthMean: mean(tokens), promptLengthMean: mean(promptTokens) };
    return { samples, tokens, promptTokens, ...lengths, ...rest };
  }

  close(): Record<string, WrittenFile> {
    return { [this.bin.name]: this.bin.close(), [this.idx.name]: this.idx.close() };
  }

  private count(kind: string, tokenCount: number, promptCount: number): void {
    const { summary } = this;
    summary.samples++;
    summary.promptTokens += promptCount;
    summary.lengthMax = Math.max(summary.lengthMax, tokenCount);
    summary.kinds[kind] = (summary.kinds[kind] ?? 0) + 1;
  }
}
