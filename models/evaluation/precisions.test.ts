/** With the shipped draft model and llama.cpp itself. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { enginePackageVersion } from '../../src/adapters/engine/llama-cpp/library-files.js';
import { fileOfPrecision, type Precision } from './precisions.js';

const folder = path.resolve(import.meta.dirname, '..');
const model = 'apex-draft';
const cacheFolder = mkdtempSync(path.join(tmpdir(), 'stowage-precisions-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

const fileOf = (precision: Precision) =>
  fileOfPrecision({ folder, model, precision, cacheFolder, threads: 1 });

describe('a file of a precision', () => {
  it('is the model’s own for Q8_0', () => {
    expect(fileOf('Q8_0')).toBe(path.join(folder, `${model}-Q8_0.gguf`));
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  it('is made once, with as many bits as its name says', () => {
    const bytesOf = (precision: Precision) => statSync(fileOf(precision)).size;
    const half = bytesOf('f16');
    const madeAt = statSync(fileOf('f16')).mtimeMs;
    expect(half / bytesOf('Q8_0')).toBeGreaterThan(1.7);
    expect(bytesOf('Q4_K_M')).toBeLessThan(bytesOf('Q8_0'));
    expect(statSync(fileOf('f16')).mtimeMs).toBe(madeAt);
    expect(readdirSync(cacheFolder)).toHaveLength(2);
  });

  it('is made anew by another llama.cpp', () => {
    const file = path.basename(fileOf('f16'));
    expect(file).toMatch(/^apex-draft-f16-of-[0-9a-f]{12}-by-/);
    expect(file).toContain(`-by-${enginePackageVersion}.gguf`);
  });
});
