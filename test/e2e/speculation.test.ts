/**
 * Answers with proposed tokens and without, by the shipped models in real processes: the same text, greedy and
 * sampled, though the model's steps had other rows.
 */
import { expect, it } from 'vitest';
import { heldOut, modelFile, promptTemplates } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { startStowage } from './stowage-process.js';

const count = 20;
const methods = ['ngram', 'draft'] as const;

function bodies(model: string) {
  return heldOut('block')
    .slice(0, count)
    .map(({ prompt }, index) => ({
      model,
      prompt,
      max_tokens: 120,
      ...(index % 2 === 0 ? { temperature: 0 } : { temperature: 0.7, seed: 100 + index }),
    }));
}

it('is the same text, whoever proposes', async () => {
  const model = modelFile('apex-blockgen-Q8_0.gguf');
  const options = `prompt_template: '${promptTemplates.block}', max_model_len: 512, max_rolling_batch_size: 1`;
  const component = (more: string) =>
    `{ model: ${model}, resources: { cpus: 0.5 }, options: { ${options}${more} } }`;
  const draft = modelFile('apex-draft-Q8_0.gguf');
  const server = await startStowage({
    yaml: `
endpoint: apexguru
components:
  plain: ${component('')}
  ngram: ${component(', speculative_method: ngram')}
  draft: ${component(`, speculative_method: draft, speculative_draft_model: ${draft}`)}
`,
  });
  const answersOf = async (name: string) => {
    const texts: string[] = [];
    for (const body of bodies(name)) {
      const answer = await streamCompletion(server, body);
      expect(answer).toMatchObject({ status: 200, isComplete: true, error: null });
      texts.push(answer.tokens.join());
    }
    return texts;
  };
  const plain = await answersOf('plain');
  expect(new Set(plain).size).toBeGreaterThan(count / 2);
  for (const method of methods) expect(await answersOf(method), method).toEqual(plain);
});
