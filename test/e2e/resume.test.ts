/**
 * Workers killed under load. Every stream is started three times: twice undisturbed (A and B) and once while
 * workers are killed (C). Kills come at counts of tokens received, so they fall into the middle of streams
 * however fast the machine is.
 *
 * Prompts are shorter than 64 tokens: the attention of llama.cpp takes another kernel for 64 rows of a
 * sequence or more, and how many rows fall together there depends on the company a prompt is computed in.
 */
import { describe, expect, it } from 'vitest';
import { heldOut, modelFile, promptTemplates, readTokenizer } from './apex-prompts.js';
import { type StreamedCompletion, streamCompletion } from './completion-stream.js';
import { signal } from './process-table.js';
import { metricSum } from './server-metrics.js';
import { type StowageProcess, startStowage } from './stowage-process.js';

type Body = Readonly<Record<string, unknown>> & { readonly model: string; readonly max_tokens: number };

/** Kills some workers of a component when its streams have received so many tokens together. */
interface Kill {
  readonly component: string;
  readonly atTokens: number;
  readonly workers: number;
}

const tokenizer = readTokenizer();
const prompts = heldOut('block').filter(({ prompt }) => prompt.length < 150);

function bodies(count: number, model: string, tokensMin: number, offset: number): readonly Body[] {
  return Array.from({ length: count }, (_, index) => {
    return {
      model,
      prompt: prompts[offset + index]!.prompt,
      max_tokens: tokensMin + ((index * 7) % 57),
      ignore_eos: true,
      ...(index % 2 === 0 ? { temperature: 0 } : { temperature: 0.8, top_p: 0.95, seed: 1000 + index }),
    };
  });
}

async function run(server: StowageProcess, load: readonly Body[], kills: readonly Kill[] = []) {
  const received = new Map<string, number>();
  const due = [...kills];
  const killDue = (component: string) => {
    const next = due.findIndex(
      (kill) => kill.component === component && (received.get(component) ?? 0) >= kill.atTokens,
    );
    if (next < 0) return;
    const victims = server.workersOf(component).slice(0, due[next]!.workers);
    if (victims.length < due[next]!.workers) return; // not all are back yet: at a later token
    due.splice(next, 1);
    for (const pid of victims) signal(pid, 'SIGKILL');
  };
  const streams = await Promise.all(
    load.map((body) =>
      streamCompletion(server, body, (piece) => {
        received.set(body.model, (received.get(body.model) ?? 0) + piece.tokens.length);
        if (due.length > 0) killDue(body.model);
      }),
    ),
  );
  return { streams, killsLeft: due.length };
}

/** Nothing failed, nothing is missing, nothing came twice. */
function expectWhole(stream: StreamedCompletion, body: Body): void {
  expect(stream.error).toBeNull();
  expect(stream).toMatchObject({ status: 200, isComplete: true, finishReason: 'length' });
  expect(stream.tokens).toHaveLength(body.max_tokens);
  expect(stream.usage?.completion_tokens).toBe(body.max_tokens);
  // A character cut off by the token limit is not sent.
  expect(tokenizer.decode(stream.tokens).replace(/\uFFFD+$/, '')).toBe(stream.text.replace(/\uFFFD+$/, ''));
}

function equalCount(a: readonly StreamedCompletion[], b: readonly StreamedCompletion[]): number {
  return a.filter(
    (stream, index) => stream.text === b[index]!.text && stream.tokens.join() === b[index]!.tokens.join(),
  ).length;
}

describe('kill -9 of workers under load', () => {
  it('50 streams go on: none fails, none loses or doubles a token, and they equal their undisturbed twins', async () => {
    const server = await startStowage({
      yaml: `
endpoint: apexguru
routing: LEAST_OUTSTANDING_REQUESTS
components:
  two: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, copies: 2, options: { predict_timeout: 600, queue_timeout: 600, max_rolling_batch_size: 16, prompt_template: '${promptTemplates.block}' } }
  one: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, copies: 1, options: { predict_timeout: 600, queue_timeout: 600, max_rolling_batch_size: 16, prompt_template: '${promptTemplates.block}' } }
`,
    });
    const load = [...bodies(30, 'two', 64, 0), ...bodies(20, 'one', 64, 30)];
    const a = await run(server, load);
    const b = await run(server, load);
    expect(await metricSum(server, 'stowage_requests_resumed_total')).toBe(0);
    const c = await run(server, load, [
      { component: 'two', atTokens: 1, workers: 1 },
      { component: 'one', atTokens: 150, workers: 1 },
      { component: 'two', atTokens: 700, workers: 1 },
      { component: 'one', atTokens: 800, workers: 1 },
      { component: 'two', atTokens: 1600, workers: 2 },
      { component: 'one', atTokens: 1400, workers: 1 },
    ]);
    for (const { streams } of [a, b, c])
      streams.forEach((stream, index) => expectWhole(stream, load[index]!));
    expect(c.killsLeft).toBe(0);
    const resumed = await metricSum(server, 'stowage_requests_resumed_total');
    const equalTwice = equalCount(a.streams, b.streams);
    const equalDisturbed = equalCount(a.streams, c.streams);
    console.log(
      `50 streams, 7 workers killed, ${resumed} resumptions: equal to the undisturbed twin ` +
        `${equalDisturbed}/50; two undisturbed runs equal each other ${equalTwice}/50`,
    );
    expect(resumed).toBeGreaterThanOrEqual(50);
    expect(equalDisturbed).toBeGreaterThanOrEqual(equalTwice);
  });

  it('at up to 4 sequences each stream is its undisturbed twin, token for token', async () => {
    const server = await startStowage({
      yaml: `
endpoint: apexguru
components:
  one: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, options: { predict_timeout: 600, queue_timeout: 600, max_rolling_batch_size: 4, prompt_template: '${promptTemplates.block}' } }
`,
    });
    let equalTwice = 0;
    let equalDisturbed = 0;
    for (const offset of [60, 64]) {
      const load = bodies(4, 'one', 100, offset);
      const a = await run(server, load);
      const b = await run(server, load);
      const kills = [120, 300].map((atTokens) => ({ component: 'one', atTokens, workers: 1 }));
      const c = await run(server, load, kills);
      for (const { streams } of [a, b, c])
        streams.forEach((stream, index) => expectWhole(stream, load[index]!));
      expect(c.killsLeft).toBe(0);
      equalTwice += equalCount(a.streams, b.streams);
      equalDisturbed += equalCount(a.streams, c.streams);
    }
    expect(await metricSum(server, 'stowage_requests_resumed_total')).toBeGreaterThanOrEqual(12);
    console.log(
      `4 at a time: equal to the undisturbed twin ${equalDisturbed}/8, undisturbed ${equalTwice}/8`,
    );
    expect({ equalTwice, equalDisturbed }).toEqual({ equalTwice: 8, equalDisturbed: 8 });
  });
});
