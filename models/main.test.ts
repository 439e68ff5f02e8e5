/** How the tools of the models answer to wrong words. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runModels } from './main.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Exit code and what was printed where; no command gets as far as its work. */
async function run(...words: string[]) {
  const output = vi.spyOn(console, 'log').mockReturnValue();
  const errors = vi.spyOn(console, 'error').mockReturnValue();
  const code = await runModels(words, '.', 'dist');
  return { code, output: output.mock.calls.join('\n'), errors: errors.mock.calls.join('\n') };
}

describe('help', () => {
  it('of all commands goes to standard output', async () => {
    const { code, output, errors } = await run('--help');
    expect([code, errors]).toEqual([0, '']);
    for (const name of ['list', 'corpus', 'text-eval', 'eval', 'convert']) {
      expect(output).toMatch(new RegExp(`^${name} `, 'm'));
    }
  });

  it.each(['list', 'corpus', 'text-eval', 'eval', 'convert'])('of %s alone, too', async (name) => {
    const { code, output, errors } = await run(name, '--help');
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(new RegExp(`^${name} `));
  });
});

describe('wrong usage', () => {
  const wrong: readonly {
    readonly message: RegExp;
    readonly usage: RegExp;
    readonly words: readonly string[];
  }[] = [
    { message: /^no command is named/, usage: /^list /m, words: [] },
    { message: /^there is no command evaluate/, usage: /^list /m, words: ['evaluate'] },
    { message: /^there is no command constructor/, usage: /^list /m, words: ['constructor'] },
    { message: /^Unknown option '--files'/, usage: /^list /m, words: ['list', '--files'] },
    { message: /^Unknown option '--task'/, usage: /^eval /m, words: ['eval', '--task', 'block'] },
    { message: /^Option '--only <value>' argument missing/, usage: /^eval /m, words: ['eval', '--only'] },
    { message: /^Unexpected argument 'block'/, usage: /^eval /m, words: ['eval', 'block'] },
    { message: /^--count: none is no whole number/, usage: /^eval /m, words: ['eval', '--count', 'none'] },
    { message: /^MODEL or PRECISION is missing/, usage: /^convert /m, words: ['convert', 'apex-draft'] },
    { message: /^there is no precision Q5_0/, usage: /^convert /m, words: ['convert', 'apex-draft', 'Q5_0'] },
    {
      message: /^models\/apex-none-Q8_0\.gguf is not there/,
      usage: /^convert /m,
      words: ['convert', 'apex-none', 'f16'],
    },
  ];
  it.each(wrong)('is said with the usage: $message', async ({ message, usage, words }) => {
    const { code, output, errors } = await run(...words);
    expect([code, output]).toEqual([64, '']);
    expect(errors).toMatch(message);
    expect(errors).toMatch(usage);
  });
});

it('breaks with 1 and without the usage', async () => {
  const { code, output, errors } = await run('eval', '--only', 'texteval', '--models', 'no-such-folder');
  expect([code, output]).toEqual([1, '']);
  expect(errors).toContain('text-eval.onnx');
  expect(errors).not.toContain('--prompts FOLDER');
});
