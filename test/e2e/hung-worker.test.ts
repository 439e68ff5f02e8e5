/** A worker that hangs is stopped by a signal here: its process lives, its socket accepts, and nothing comes. */
import { expect, it } from 'vitest';
import { heldOut, modelFile, promptTemplates } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { lookUp, signal } from './process-table.js';
import { startStowage, until } from './stowage-process.js';

const secondsMax = 10;
const yaml = `
endpoint: apexguru
components:
  one: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, options: { max_rolling_batch_size: 8, prompt_template: '${promptTemplates.block}' } }
`;
const prompts = heldOut('block').map(({ prompt }) => prompt);

function seconds(from: number, to: number): number {
  return Math.round((to - from) / 10) / 100;
}

it('a worker stopped while it streams is replaced in under 10 s, and its streams lose nothing', async () => {
  const server = await startStowage({ yaml });
  const [victim] = server.workersOf('one');
  let received = 0;
  let stoppedAt = 0;
  let goneAt = 0;
  const watch = async () => {
    await until(() => lookUp(victim!) === null, 'the stopped worker to be ended', secondsMax * 1000);
    goneAt = performance.now();
  };
  let watching = Promise.resolve();
  const load = Array.from({ length: 4 }, (_, index) => ({
    model: 'one',
    prompt: prompts[index]!,
    max_tokens: 120,
    ignore_eos: true,
    ...(index % 2 === 0 ? { temperature: 0 } : { temperature: 0.8, seed: index }),
  }));
  const undisturbed = await Promise.all(load.map((body) => streamCompletion(server, body)));
  const streams = await Promise.all(
    load.map((body) =>
      streamCompletion(server, body, (piece) => {
        received += piece.tokens.length;
        if (received < 150 || stoppedAt > 0) return;
        stoppedAt = performance.now();
        signal(victim!, 'SIGSTOP');
        watching = watch();
      }),
    ),
  );
  await watching;
  const pauses = streams.map(({ pieces }) =>
    Math.max(...pieces.slice(1).map((piece, index) => piece.at - pieces[index]!.at)),
  );
  console.log(
    `stopped while streaming: ended after ${seconds(stoppedAt, goneAt)} s, ` +
      `longest pause of a stream ${Math.max(...pauses.map((ms) => seconds(0, ms)))} s`,
  );
  expect(seconds(stoppedAt, goneAt)).toBeLessThan(secondsMax);
  expect(streams.map(({ error, usage }) => ({ error, tokens: usage?.completion_tokens }))).toEqual(
    load.map(() => ({ error: null, tokens: 120 })),
  );
  expect(streams.map(({ tokens, text }) => ({ tokens, text }))).toEqual(
    undisturbed.map(({ tokens, text }) => ({ tokens, text })),
  );
  expect(server.workersOf('one')).not.toContain(victim);
});

it('a worker stopped while it has nothing to do is replaced in under 10 s', async () => {
  const server = await startStowage({ yaml });
  const [victim] = server.workersOf('one');
  signal(victim!, 'SIGSTOP');
  const stoppedAt = performance.now();
  await until(() => lookUp(victim!) === null, 'the stopped worker to be ended', secondsMax * 1000);
  const goneAt = performance.now();
  const body = { model: 'one', prompt: prompts[0]!, max_tokens: 8, ignore_eos: true };
  const answer = await streamCompletion(server, body);
  console.log(
    `stopped while idle: ended after ${seconds(stoppedAt, goneAt)} s, ` +
      `its successor has answered after ${seconds(stoppedAt, performance.now())} s`,
  );
  expect(answer).toMatchObject({ error: null, isComplete: true, usage: { completion_tokens: 8 } });
  expect(server.workersOf('one')).not.toContain(victim);
});
