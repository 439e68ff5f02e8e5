/**
 * Files of other precisions, made by llama.cpp out of a Q8_0 file. f16 holds the weights of the shipped Q8_0 files exactly
 * (training/export.py); what was trained was rounded once, when they were written.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { enginePackageVersion } from '../../src/adapters/engine/llama-cpp/library-files.js';
import { requantize } from './requantize.js';

/** `llama_ftype` (llama.h). */
const fileTypes = { f16: 1, Q6_K: 18, Q4_K_M: 15 } as const;

export const precisions = ['f16', 'Q8_0', 'Q6_K', 'Q4_K_M'] as const;
export type Precision = (typeof precisions)[number];

/**
 * The path of `folder`'s model in that precision: the Q8_0 file itself, or one made of it on `threads` (≥ 1), at need, in
 * the cache folder, whose name tells the Q8_0 file's content and the llama.cpp that made it. Throws where the Q8_0 file
 * is missing and what `requantize` throws.
 */
export function fileOfPrecision(options: {
  readonly folder: string;
  readonly model: string;
  readonly precision: Precision;
  readonly cacheFolder: string;
  readonly threads: number;
}): string {
  const { folder, model, precision, cacheFolder, threads } = options;
  const source = path.join(folder, `${model}-Q8_0.gguf`);
  if (precision === 'Q8_0') return source;
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const made = `${model}-${precision}-of-${digest}-by-${enginePackageVersion}.gguf`;
  const file = path.join(cacheFolder, made);
  if (existsSync(file)) return file;
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = `${file}.unfinished`;
  requantize(source, unfinished, fileTypes[precision], threads);
  renameSync(unfinished, file);
  return file;
}
