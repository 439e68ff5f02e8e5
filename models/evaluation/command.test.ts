/** The options of the evaluation, and where its results go. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../usage-error.js';
import { evaluationChoice, leftOut, resultJson, runEvaluation } from './command.js';

const root = mkdtempSync(path.join(tmpdir(), 'stowage-evaluation-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const choice = (...words: string[]) => evaluationChoice(words, root);
const named = (only: string) => {
  const { tasks, measurements } = choice('--only', only).evaluation;
  return [tasks, [...measurements]];
};

describe('what --only names', () => {
  it('is all tasks and all that can be measured where it is left out', () => {
    const { tasks, measurements, precisions } = choice().evaluation;
    expect([tasks, [...measurements]]).toEqual([
      ['inline', 'block', 'flow'],
      ['answers', 'free', 'draft', 'nll', 'texteval'],
    ]);
    expect(precisions).toEqual(['f16', 'Q8_0', 'Q6_K', 'Q4_K_M']);
  });

  it('is the held-out answers of a task for which nothing is named, beside TextEval too', () => {
    expect(named('block')).toEqual([['block'], ['answers']]);
    expect(named('block,texteval')).toEqual([['block'], ['texteval', 'answers']]);
    expect(named('block,nll')).toEqual([['block'], ['nll']]);
  });

  it('is of all tasks where none is named, and TextEval is of none', () => {
    expect(named('free,nll')).toEqual([
      ['inline', 'block', 'flow'],
      ['free', 'nll'],
    ]);
    expect(named('texteval')).toEqual([[], ['texteval']]);
  });
});

describe('options that cannot be', () => {
  const wrong: readonly { readonly message: RegExp; readonly words: readonly string[] }[] = [
    { message: /--card .*neither --only nor --files/, words: ['--card', '--only', 'block'] },
    { message: /--card .*neither --only nor --files/, words: ['--card', '--files', 'Q8_0'] },
    {
      message: /--files Q8_0: apex-draft proposes for Q8_0 files only/,
      words: ['--only', 'draft', '--files', 'f16,Q6_K'],
    },
    { message: /there is no blocks, only inline/, words: ['--only', 'blocks'] },
    { message: /there is no Q5_0, only f16/, words: ['--files', 'f16,Q5_0'] },
    { message: /--count: 0 is no whole number above 0/, words: ['--count', '0'] },
    { message: /--threads: two is no/, words: ['--threads', 'two'] },
  ];
  it.each(wrong)('are wrong usage: $message', ({ message, words }) => {
    expect(() => choice(...words)).toThrow(UsageError);
    expect(() => choice(...words)).toThrow(message);
  });

  it('are few: these are not wrong', () => {
    expect(choice('--card').isForCard).toBe(true);
    expect(choice('--card', '--count', '100').evaluation.count).toBe(100);
    expect(choice('--only', 'draft', '--files', 'f16,Q8_0').evaluation.precisions).toEqual(['f16', 'Q8_0']);
    expect(choice('--files', 'f16,f16').evaluation.precisions).toEqual(['f16']);
  });
});

describe('files that are not there', () => {
  const prompts = path.join(root, 'prompts');
  const missing: readonly { readonly message: RegExp; readonly words: readonly string[] }[] = [
    { message: /--models: \S+ has no apex-blockgen-Q8_0\.gguf/, words: ['--models', '/nowhere'] },
    { message: /--prompts: \S+prompts has no test-block\.jsonl/, words: ['--prompts', prompts] },
    { message: /--json: there is no folder \/nowhere/, words: ['--json', '/nowhere/at/all.json'] },
  ];
  it.each(missing)('are found before anything is measured: $message', async ({ message, words }) => {
    const error: unknown = await runEvaluation(['--only', 'block', ...words], path.resolve('.')).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  });
});

describe('TextEval that is not there', () => {
  it('is an error where it was named, which says how it is made', async () => {
    const run = runEvaluation(['--only', 'texteval', '--models', root], root);
    await expect(run).rejects.toThrow(/no .*text-eval\.onnx.*TEXT-EVAL\.md/);
  });

  it('is a line of the output where it was not, as a draft model is that has no file to propose for', () => {
    const { evaluation } = choice('--files', 'f16');
    expect(leftOut(evaluation, null)).toEqual([
      expect.stringMatching(/^apex-draft was not measured: .*Q8_0/),
      expect.stringMatching(/^TextEval was not measured: .*TEXT-EVAL\.md/),
    ]);
    expect(leftOut(choice('--only', 'block').evaluation, null)).toEqual([]);
  });
});

it('writes TextEval into the JSON', () => {
  const circumstances = { command: 'npm run models:eval', machine: 'one', node: 'v20', commit: '' };
  const textEval = { sets: { test: [], unseen: [] }, pairCount: 2000, accuracy: 0.5 };
  expect(JSON.parse(resultJson(circumstances, { files: [], drafts: [] }, textEval))).toEqual({
    ...circumstances,
    files: [],
    drafts: [],
    textEval,
  });
});

it('says where it wrote what', { timeout: 60_000 }, async () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const say = vi.spyOn(console, 'error').mockReturnValue();
  const one = { id: 'free-inline-1', prefix: 'trigger T on Account (', suffix: ') {}', answers: ['none'] };
  writeFileSync(path.join(root, 'test-inline.jsonl'), '');
  writeFileSync(path.join(root, 'free-inline.jsonl'), `${JSON.stringify(one)}\n`);
  const file = path.join(root, 'results.json');
  const what = ['--only', 'inline,free', '--files', 'Q8_0', '--threads', '1', '--json', file];
  const models = path.join(import.meta.dirname, '..');
  expect(await runEvaluation([...what, '--models', models, '--prompts', root], root)).toBe(0);
  expect(print.mock.calls.join()).toContain('### Inline');
  const report = path.join(root, '.cache', 'models', 'free.md');
  expect(say.mock.calls).toEqual([[`written: ${report}`], [`written: ${file}`]]);
  expect(readFileSync(report, 'utf8')).toContain('### free-inline-1');
  vi.restoreAllMocks();
});
