/** What was opened is closed when something breaks: engines of GGUF files and the session of TextEval. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { evaluate } from './evaluate.js';
import { measureTextEval } from './text-eval.js';

const opened = vi.hoisted(() => ({ close: vi.fn() }));
vi.mock('./drive.js', () => ({
  sequenceTokensMax: 1024,
  openEngine: () => Promise.resolve({ specialTokens: new Map(), ...opened }),
}));
vi.mock('./text-eval-model.js', () => ({
  openTextEval: () => Promise.resolve({ ...opened, scoresOf: () => Promise.reject(new Error('no score')) }),
}));

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-closing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sample = { kind: 'query', prompt: 'all accounts', answer: '', shape: 'statements', given: '' };
writeFileSync(path.join(folder, 'test-block.jsonl'), `${JSON.stringify(sample)}\n`);

it('an engine, when a prompt cannot be encoded', async () => {
  opened.close.mockClear();
  const run = evaluate({
    modelFolder: folder,
    promptFolder: folder,
    cacheFolder: folder,
    precisions: ['Q8_0'],
    tasks: ['block'],
    measurements: new Set(['answers'] as const),
    count: 1,
    threads: 1,
    onProgress: () => {},
  });
  await expect(run).rejects.toThrow('no token <|block|>');
  expect(opened.close).toHaveBeenCalledOnce();
});

it('TextEval, when it cannot score', async () => {
  opened.close.mockClear();
  const tokenizerPath = path.join(import.meta.dirname, '../tokenizer.json');
  const sizes = { pairCount: 4, seed: '1', threads: 1 };
  const run = measureTextEval({ modelPath: '', tokenizerPath, ...sizes, onProgress: () => {} });
  await expect(run).rejects.toThrow('no score');
  expect(opened.close).toHaveBeenCalledOnce();
});
