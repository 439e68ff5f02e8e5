/**
 * What `estimateCopyMemory` says before a copy is started, beside the resident memory (VmRSS) of its worker after a
 * load that used all of its sequences, all of their cells and every row of a step, in a real server.
 *
 * An estimate is right within 5 %, or within 16 MiB where that is more: of a model of some megabytes nearly all is the
 * runtime, whose heap breathes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ensureLlama } from '../../bench/models/quantized-llama.js';
import { estimateCopyMemory } from '../../src/apps/copy-memory.js';
import { type ComponentOptions, defaultComponentOptions } from '../../src/domain/component-options.js';
import { verifyModelFile } from '../../src/library/verify-model.js';
import { modelsFolder, repository, startStowage, type StowageProcess } from './stowage-process.js';

const partMax = 0.05;
const mebibyte = 1024 ** 2;
const bytesMax = 16 * mebibyte;
const newTokens = 8;
const cache = path.join(repository, '.cache', 'bench');

interface Case {
  readonly name: string;
  readonly file: () => string;
  readonly sequences: number;
  readonly tokens: number;
  readonly extra?: Partial<Pick<ComponentOptions, 'kvCacheType' | 'stepTokensMax' | 'memoryMapped'>>;
}

const shipped = (name: string) => () => path.join(modelsFolder, name);
const random = (...model: readonly ['10m' | '150m', 'f16' | 'q8_0' | 'q4_0' | 'f32']) => {
  return () => ensureLlama(cache, ...model);
};

const cases: readonly Case[] = [
  { name: 'blockgen Q8_0', file: shipped('apex-blockgen-Q8_0.gguf'), sequences: 32, tokens: 1024 },
  { name: 'blockgen Q8_0, few', file: shipped('apex-blockgen-Q8_0.gguf'), sequences: 4, tokens: 256 },
  { name: 'draft f16', file: shipped('apex-draft-f16.gguf'), sequences: 16, tokens: 512 },
  { name: 'draft Q8_0', file: shipped('apex-draft-Q8_0.gguf'), sequences: 8, tokens: 300 },
  { name: 'random 10M f16', file: random('10m', 'f16'), sequences: 64, tokens: 512 },
  { name: 'random 10M Q8_0', file: random('10m', 'q8_0'), sequences: 4, tokens: 2048 },
  { name: 'random 150M f16', file: random('150m', 'f16'), sequences: 8, tokens: 512 },
  {
    // More rows would take longer than prompts alone may: no step would have all of them.
    name: 'random 150M f16, steps of 1,024 rows, KV in 8 bits',
    file: random('150m', 'f16'),
    sequences: 16,
    tokens: 512,
    extra: { kvCacheType: 'q8_0', stepTokensMax: 1024 },
  },
  { name: 'random 150M Q8_0', file: random('150m', 'q8_0'), sequences: 16, tokens: 512 },
  {
    name: 'random 150M Q4_0, not mapped, KV in 4 bits',
    file: random('150m', 'q4_0'),
    sequences: 16,
    tokens: 512,
    extra: { kvCacheType: 'q4_0', memoryMapped: false },
  },
];

it.each(cases)(
  '$name, $sequences sequences of $tokens tokens',
  async ({ file, sequences, tokens, extra }) => {
    const model = file();
    const options: ComponentOptions = {
      ...defaultComponentOptions,
      rollingBatchSizeMax: sequences,
      modelTokensMax: tokens,
      stepTokensMax: 512, // few enough that the load fills steps to the last row
      prefixCaching: false,
      ...extra,
    };
    const header = await verifyModelFile(model);
    const estimate = estimateCopyMemory(header, options);
    const server = await startStowage({ yaml: yamlOf(model, options) });
    try {
      const idle = residentBytes(server.workers()[0]!);
      await load(server, sequences, tokens - newTokens, header.vocabularySize);
      const measured = residentBytes(server.workers()[0]!);
      const inMebibytes = (bytes: number) => Math.round(bytes / mebibyte);
      const parts = Object.entries(estimate).map(
        ([part, bytes]) => `${part} ${inMebibytes(bytes as number)}`,
      );
      const told = `measured ${inMebibytes(measured)} (idle ${inMebibytes(idle)}) MiB, estimate: ${parts.join(', ')}`;
      console.log(`${path.basename(model)} ${sequences} x ${tokens}: ${told}`);
      const difference = Math.abs(estimate.totalBytes - measured);
      expect(difference, told).toBeLessThanOrEqual(Math.max(bytesMax, partMax * measured));
    } finally {
      await server.stop();
    }
  },
);

function yamlOf(model: string, options: ComponentOptions): string {
  return [
    'endpoint: memory',
    'components:',
    '  measured:',
    `    model: ${JSON.stringify(model)}`,
    '    options:',
    `      max_rolling_batch_size: ${options.rollingBatchSizeMax}`,
    `      max_model_len: ${options.modelTokensMax}`,
    `      max_num_batched_tokens: ${options.stepTokensMax}`,
    `      kv_cache_dtype: ${options.kvCacheType}`,
    `      use_mmap: ${options.memoryMapped}`,
    `      enable_prefix_caching: ${options.prefixCaching}`,
    '',
  ].join('\n');
}

/** Fills every sequence to its last cell, at once, with tokens from all over the vocabulary. */
async function load(
  server: StowageProcess,
  count: number,
  tokens: number,
  vocabulary: number,
): Promise<void> {
  const prompts = Array.from({ length: count }, (_, sequence) =>
    Array.from({ length: tokens }, (_, index) => tokenAt(sequence * tokens + index, vocabulary)),
  );
  await Promise.all(
    prompts.map(async (prompt) => {
      const response = await fetch(`${server.url}/v1/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'measured', prompt, max_tokens: newTokens, ignore_eos: true }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
    }),
  );
}

/** Knuth's multiplicative hash: spread over the vocabulary, without its first tokens, some of which end texts. */
function tokenAt(index: number, vocabulary: number): number {
  return 300 + ((Math.imul(index + 1, 2_654_435_761) >>> 0) % (vocabulary - 300));
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return Number(kibibytes) * 1024;
}
