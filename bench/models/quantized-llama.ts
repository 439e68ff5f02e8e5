/**
 * Random Llama models with weights of other types, made by llama.cpp's own quantizer out of the f16 file. Files are
 * kept beside it; one that is there is not made again.
 */
import { existsSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { requantize } from '../../models/evaluation/requantize.js';
import { ensureRandomLlama, type LlamaShapeName } from './random-llama.js';

/** `llama_ftype` (llama.h) by the names people use. */
const fileTypes = { f32: 0, q4_0: 2, q8_0: 7, q4_k_m: 15 } as const;
export type WeightType = 'f16' | keyof typeof fileTypes;

/** The model's file in `folder`, made if it is not there. Takes seconds for each hundred million parameters. */
export function ensureLlama(folder: string, shape: LlamaShapeName, weights: WeightType): string {
  const source = ensureRandomLlama(folder, shape);
  if (weights === 'f16') return source;
  const file = source.replace('-f16-', `-${weights}-`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  requantize(source, unfinished, fileTypes[weights], availableParallelism());
  renameSync(unfinished, file);
  return file;
}
