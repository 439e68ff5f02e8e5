import { expect, it } from 'vitest';
import type { ComponentExplanation, CopyExplanation } from '../../api/admin/contract.js';
import { type ErrorData, StowageError } from '../../domain/errors.js';
import { showLoading } from './serve-loading.js';
import type { Terminal } from './terminal.js';

const damaged = StowageError.of('MODEL-022', { file: 'x.gguf', problem: 'half of it is missing' }).toData();
const fell = StowageError.of('MODEL-024', { file: 'x.gguf', problem: 'it is too large' }).toData();

const copy: CopyExplanation = {
  ...{ id: 'x-1', incarnation: 1, generation: 1, state: 'loading', since: 0, reason: '', nextAt: null },
  ...{ error: null, loading: null, instance: 'i-1', threads: 1, pid: 7 },
};

const component: ComponentExplanation = {
  component: '000000000000/us-east-1/demo/x',
  scope: { account: '000000000000', region: 'us-east-1' },
  ...{ endpoint: 'demo', name: 'x', status: 'Creating', failureReason: null, failure: null },
  ...{ copiesWanted: 1, copiesReady: 0, scaling: null, copies: [copy], history: [] },
};

const failed = (failure: ErrorData): ComponentExplanation => ({
  ...component,
  ...{ status: 'Failed', failureReason: failure.message, failure },
});

const exited = (error: ErrorData): ComponentExplanation => ({
  ...component,
  copies: [{ ...copy, state: 'exited', error }],
});

const ready: ComponentExplanation = { ...component, status: 'InService', copiesReady: 1 };

/** What was said, and when it ended, of a component that looks so from each of the times on, milliseconds. */
async function shown(looks: readonly (readonly [number, ComponentExplanation])[], endsAt = 60_000) {
  const said: string[] = [];
  const over = new AbortController();
  let now = 0;
  const terminal: Terminal = {
    ...{
      isDebug: false,
      isLive: false,
      columns: () => 80,
      paint: (_, text) => text,
      paintData: (_, text) => text,
    },
    ...{ write: () => expect.unreachable(), writeError: () => expect.unreachable() },
    ...{ say: (line) => said.push(line), warn: () => expect.unreachable() },
    fail: (error) => said.push(error instanceof StowageError ? error.code : String(error)),
  };
  await showLoading({
    terminal,
    explain: () => Promise.resolve(looks.flatMap(([from, look]) => (from <= now ? [look] : [])).slice(-1)),
    isComplete: () => true,
    signal: over.signal,
    now: () => now,
    pause: (ms) => {
      now += ms;
      if (now >= endsAt) over.abort();
      return Promise.resolve();
    },
  });
  return { said: said.filter((line) => !line.includes('so far')), endedAt: now };
}

it('says of a copy that failed why, with its code, once', async () => {
  const { said, endedAt } = await shown([
    [0, component],
    [1_000, exited(damaged)],
    [1_200, component],
    [1_400, { ...failed(damaged), copies: exited(damaged).copies }],
  ]);
  expect(said).toEqual(['failing  demo/x', 'MODEL-022']);
  expect(endedAt).toBe(1_400);
});

it('says it with its code also where no look met a copy that says so', async () => {
  const { said, endedAt } = await shown([
    [0, component],
    [1_000, failed(damaged)],
  ]);
  expect(said).toEqual(['failing  demo/x', 'MODEL-022']);
  expect(endedAt).toBeLessThan(5_000);
});

it('does not end with the reason of an earlier failure', async () => {
  const { said, endedAt } = await shown([
    [0, exited(fell)],
    [200, failed(damaged)],
  ]);
  expect(endedAt).toBeLessThan(5_000);
  expect(said).toEqual(['failing  demo/x', 'MODEL-024', 'failing  demo/x', 'MODEL-022']);
});

it('does not say of one that failed in an earlier run, and comes up now, that it fails', async () => {
  const { said, endedAt } = await shown([
    [0, failed(damaged)],
    [2_000, ready],
  ]);
  expect(endedAt).toBe(2_000);
  expect(said).toEqual(['ready    demo/x']);
});

it('ends where some copies are ready and one fails, in a run after one that failed', async () => {
  const short = { copiesWanted: 2, copiesReady: 1 };
  const { said, endedAt } = await shown([
    [0, failed(damaged)],
    [1_000, { ...failed(damaged), ...short }],
  ]);
  expect(said).toEqual(['failing  demo/x', `  ${damaged.message}`]);
  expect(endedAt).toBeLessThan(5_000);
});

it('says the reason alone of what failed before any copy was there', async () => {
  const { said, endedAt } = await shown([
    [0, { ...component, status: 'Failed', failureReason: 'its model is gone', copies: [] }],
  ]);
  expect(said).toEqual(['failing  demo/x', '  its model is gone']);
  expect(endedAt).toBeLessThan(5_000);
});
