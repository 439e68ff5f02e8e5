/**
 * llama.cpp against PyTorch: greedy answers of the shipped weights, token for token (training/reference.py wrote the others).
 * Without flash attention, which sums values in f16 on a CPU: with it one answer of the draft takes another token, whose logit is 0.17 lower.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FlashAttention } from '../../src/domain/component-options.js';
import { drive, openEngine } from './drive.js';
import { fileOfPrecision } from './precisions.js';
import { AnswerReading } from './readings.js';

/** Of two logits: nearer ones may change places, since llama.cpp rounds activations and the KV cache to f16. */
const nearTie = 0.003;

interface Reference {
  readonly prompts: readonly (readonly number[])[];
  /** With their end token, or cut at the longest answer that was asked for. */
  readonly answers: readonly (readonly number[])[];
  /** Of each answer the least distance between the two best logits of any choice. */
  readonly gaps: readonly number[];
}

const folder = path.resolve(import.meta.dirname, '..');
const cacheFolder = mkdtempSync(path.join(tmpdir(), 'stowage-pytorch-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

describe.each(['apex-inline', 'apex-blockgen', 'apex-flow', 'apex-draft'])('%s in f16', (model) => {
  it('answers 50 prompts as PyTorch does', { timeout: 120_000 }, async () => {
    const { prompts, answers, gaps } = JSON.parse(
      readFileSync(path.join(import.meta.dirname, 'pytorch', `${model}.json`), 'utf8'),
    ) as Reference;
    const file = fileOfPrecision({ folder, model, precision: 'f16', cacheFolder, threads: 1 });
    const engine = await openEngine(file, model, 1, FlashAttention.Off);
    const readings = prompts.map((prompt) => new AnswerReading(engine, prompt));
    const end = engine.specialTokens.get('<|endoftext|>')!;
    await drive(engine, readings, () => {}).finally(() => engine.close());
    expect(readings).toHaveLength(50);
    expect(gaps.filter((gap) => gap < nearTie).length).toBeLessThanOrEqual(1);
    for (const [index, reading] of readings.entries()) {
      if (gaps[index]! < nearTie) continue;
      const { tokens, isEnded } = reading.answer();
      const given = isEnded ? [...tokens, end] : tokens;
      expect(given.slice(0, answers[index]!.length)).toEqual(answers[index]);
    }
  });
});
