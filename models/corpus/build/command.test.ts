/** What the commands refuse before they make anything. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../usage-error.js';
import { runCorpus } from './command.js';
import { runTextEval } from './text-eval.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const out = ['--out', path.join(folder, 'out')];
const tokenizer = path.resolve(import.meta.dirname, '../../tokenizer.json');

async function refusal(run: Promise<number>): Promise<string> {
  const error: unknown = await run.then(
    () => 'done',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

/** A file with this text. */
function fileOf(text: string): string {
  const file = path.join(folder, 'given.json');
  writeFileSync(file, text);
  return file;
}

describe('corpus refuses', () => {
  it.each([
    [['--samples', 'abc'], '--samples: abc is no whole number above 0'],
    [
      ['--shares', '40,38', '--only', 'flow'],
      '--shares: 40,38 is not one part for each of inline, block, flow',
    ],
    [['--shares', '40,38,22,7'], '--shares: 40,38,22,7 is not one part for each of inline, block, flow'],
    [['--shares', '40,38,0'], '--shares: 0 is no whole number above 0'],
    [['--only', 'flow,flaw'], '--only: no task is called flaw'],
    [['--workers', '5000'], '--workers: 5000 is more than 64'],
  ])('%j', async (given, message) => {
    expect(await refusal(runCorpus([...out, ...given], folder))).toBe(message);
  });

  it('to write nowhere', async () => {
    expect(await refusal(runCorpus([], folder))).toBe('--out FOLDER is missing');
  });
});

describe('text-eval refuses', () => {
  it.each([
    [['--pairs', 'abc'], '--pairs: abc is no whole number above 0'],
    [['--dev', '0'], '--dev: 0 is no whole number above 0'],
    [['--length-max', '1.5'], '--length-max: 1.5 is no whole number above 0'],
  ])('%j', async (given, message) => {
    expect(await refusal(runTextEval([...out, '--tokenizer', tokenizer, ...given]))).toBe(message);
  });

  it('to write nowhere, and without a tokenizer', async () => {
    expect(await refusal(runTextEval(['--tokenizer', tokenizer]))).toBe('--out FOLDER is missing');
    expect(await refusal(runTextEval(out))).toBe('--tokenizer FILE is missing');
  });
});

describe('a tokenizer', () => {
  const runs = {
    corpus: (file: string) => runCorpus([...out, '--samples', '1', '--tokenizer', file], folder),
    'text-eval': (file: string) => runTextEval([...out, '--tokenizer', file]),
  };

  it.each(Object.entries(runs))('of %s must be one', async (_name, run) => {
    const missing = path.join(folder, 'missing.json');
    expect(await refusal(run(missing))).toContain(`--tokenizer: ${missing} is no tokenizer.json (ENOENT`);
    for (const text of ['', '{}', 'null', '{"tokens":["a"],"merges":[]}', '{"tokens":[1],"merges":[]}']) {
      expect(await refusal(run(fileOf(text)))).toMatch(
        /^--tokenizer: .*given\.json is no tokenizer\.json \(/,
      );
    }
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

it('an error stands on a line of its own, and no control character goes to a file', async () => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  try {
    const broken = runCorpus([...out, '--samples', '5', '--tokenizer', tokenizer], folder); // has no program
    await expect(broken).rejects.toThrow(/shard-process\.js/);
  } finally {
    write.mockRestore();
  }
  expect(written.join('')).toMatch(process.stderr.isTTY ? /\n$/ : /^training …\n$/);
});
