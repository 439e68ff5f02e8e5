/**
 * Answers with and without reuse of shared beginnings, by a trained model in real processes: nearly all the same text,
 * and the server says itself how much of the prompts it did not compute.
 *
 * A prompt computed in other pieces is rounded otherwise, so a near tie may fall the other way in one answer or two
 * (docs/engine/prefix-cache.md). A beginning of another prompt would spoil most of them. That no wrong beginning is ever
 * taken is shown without rounding by src/worker/scheduler.test.ts.
 */
import { expect, it } from 'vitest';
import { heldOut, modelFile, promptTemplates } from './apex-prompts.js';
import { type StreamedCompletion, streamCompletion } from './completion-stream.js';
import { metricSum } from './server-metrics.js';
import { startStowage, until } from './stowage-process.js';

const rows = heldOut('block');
/** A few hundred tokens: earlier tasks with their answers. */
const shared = rows
  .slice(0, 6)
  .map((row) => `// ${row.prompt}\n${row.answer}\n`)
  .join('');
const count = 6;
const cpus = 1;
/** Answers that rounding may change. */
const otherwiseMax = 2;

function bodies(model: string) {
  return rows.slice(20, 20 + count).map((row, index) => {
    const own = `// ${row.prompt}\n${rows[60 + index]!.answer}\n// ${rows[80 + index]!.prompt}\n${rows[80 + index]!.answer}`;
    return {
      model,
      prompt: index % 3 === 2 ? `${rows[100]!.prompt} ${index}`.slice(-140) : `${shared}${own}`,
      max_tokens: 24,
      ...(index % 2 === 0 ? { temperature: 0 } : { temperature: 0.8, top_p: 0.95, seed: 500 + index }),
    };
  });
}

it('is nearly always the same text one by one, and all beginnings but the first come from the cache', async () => {
  const options = `prompt_template: '${promptTemplates.block}', max_model_len: 1024, max_rolling_batch_size: 16`;
  const model = modelFile('apex-blockgen-Q8_0.gguf');
  const server = await startStowage({
    yaml: `
endpoint: apexguru
components:
  fresh: { model: ${model}, resources: { cpus: ${cpus} }, options: { ${options}, enable_prefix_caching: false } }
  cached: { model: ${model}, resources: { cpus: ${cpus} }, options: { ${options} } }
`,
  });
  const oneByOne = async (name: string) => {
    const answers: StreamedCompletion[] = [];
    for (const body of bodies(name)) answers.push(await streamCompletion(server, body));
    return answers;
  };
  const fresh = await oneByOne('fresh');
  const cached = await oneByOne('cached');
  const together = await Promise.all(bodies('cached').map((body) => streamCompletion(server, body)));
  for (const answer of [...fresh, ...cached, ...together]) {
    expect(answer).toMatchObject({ status: 200, isComplete: true, error: null });
  }
  const equal = (answers: readonly StreamedCompletion[]) =>
    answers.filter(({ tokens }, index) => tokens.join() === fresh[index]!.tokens.join()).length;
  const promptTokens = fresh.reduce((sum, { usage }) => sum + usage!.prompt_tokens, 0);
  const metric = (name: string) => metricSum(server, `stowage_prefix_cache_${name}_total`, 'cached');
  await until(async () => (await metric('requests')) === 2 * count, 'the last report');
  const saved = await metric('hits');
  console.log(
    `prompts of ${fresh.map(({ usage }) => usage!.prompt_tokens).join()} tokens: equal to those without reuse ` +
      `${equal(cached)} one by one, ${equal(together)} together; ` +
      `${((saved / (2 * promptTokens)) * 100).toFixed(0)} % of their tokens not computed`,
  );
  expect(equal(cached)).toBeGreaterThanOrEqual(count - otherwiseMax);
  expect(saved / (2 * promptTokens)).toBeGreaterThan(0.5);
  expect(await metricSum(server, 'stowage_prefix_cache_requests_total', 'fresh')).toBe(0);
});
