import { expect, it } from 'vitest';
import { Outcome } from '../../../domain/inference.js';
import { createPrometheusTelemetry } from './telemetry.js';

const inline = '111111111111/us-east-1/apex/inline';
const same = '222222222222/us-east-1/apex/inline';
const model = '111111111111/us-east-1/apex/variant:blue';
const facts = {
  seconds: 1,
  firstTokenSeconds: 0.5,
  queueSeconds: 0.1,
  promptTokens: 3,
  generatedTokens: 4,
};

async function linesOf(
  telemetry: ReturnType<typeof createPrometheusTelemetry>,
  name: string,
): Promise<readonly string[]> {
  const page = await telemetry.page();
  return page.split('\n').filter((line) => line.startsWith(`${name}{`));
}

it('keeps the same names of two scopes apart', async () => {
  const telemetry = createPrometheusTelemetry();
  for (const component of [inline, same, same, model]) {
    telemetry.requestEnded(component, Outcome.Completed, facts);
    telemetry.load(component, 1, 2);
  }
  expect(await linesOf(telemetry, 'stowage_requests_total')).toEqual([
    'stowage_requests_total{scope="111111111111/us-east-1",component="apex/inline",outcome="completed"} 1',
    'stowage_requests_total{scope="222222222222/us-east-1",component="apex/inline",outcome="completed"} 2',
    'stowage_requests_total{scope="111111111111/us-east-1",component="apex/variant:blue",outcome="completed"} 1',
  ]);
  expect(await linesOf(telemetry, 'stowage_num_requests_running')).toHaveLength(3);
});

it('forgets what is gone, and begins again when it comes back', async () => {
  const telemetry = createPrometheusTelemetry();
  telemetry.requestEnded(inline, Outcome.Completed, facts);
  telemetry.load(inline, 0, 1);
  telemetry.requestEnded(same, Outcome.Completed, facts);
  telemetry.componentGone(inline);
  telemetry.componentGone(model);
  const page = await telemetry.page();
  expect(page).not.toContain('111111111111');
  expect(page).toContain('222222222222');
  telemetry.requestEnded(inline, Outcome.Completed, facts);
  expect(await linesOf(telemetry, 'stowage_prompt_tokens_total')).toHaveLength(2);
});

it('shows what a copy has, and no line for what it has not', async () => {
  const telemetry = createPrometheusTelemetry();
  const report = {
    running: 1,
    waiting: 0,
    steps: 5,
    slowestStepMs: 7,
    kvCellsUsed: 10,
    kvCellsTotal: 40,
    memoryBytes: 1000,
    threads: 2,
    promptTokens: 30,
    generatedTokens: 9,
  };
  const prefixCache = {
    lookups: 4,
    hits: 3,
    promptTokens: 400,
    cachedTokens: 288,
    evictions: 2,
    savedToRam: 1,
    restoredFromRam: 1,
    ramBytes: 4096,
  };
  telemetry.copyReport(inline, 'inline-0', { ...report, prefixCache, isAsleep: true });
  telemetry.copyReport(same, 'inline-0', {
    ...report,
    speculation: { proposedTokens: 80, acceptedTokens: 60, steps: 10 },
    batches: { batches: 3, requests: 12 },
  });
  const one = 'scope="111111111111/us-east-1",component="apex/inline",copy="inline-0"';
  const other = 'scope="222222222222/us-east-1",component="apex/inline",copy="inline-0"';
  for (const [name, labels, value] of [
    ['stowage_kv_cache_usage_perc', one, 0.25],
    ['stowage_copy_asleep', one, 1],
    ['stowage_prefix_cache_queries_total', one, 400],
    ['stowage_prefix_cache_hits_total', one, 288],
    ['stowage_prefix_cache_requests_total', one, 4],
    ['stowage_prefix_cache_requests_hit_total', one, 3],
    ['stowage_prefix_cache_evictions_total', one, 2],
    ['stowage_prefix_cache_saved_total', one, 1],
    ['stowage_prefix_cache_restored_total', one, 1],
    ['stowage_prefix_cache_ram_bytes', one, 4096],
    ['stowage_spec_decode_num_drafts_total', other, 10],
    ['stowage_spec_decode_num_draft_tokens_total', other, 80],
    ['stowage_spec_decode_num_accepted_tokens_total', other, 60],
    ['stowage_batches_total', other, 3],
    ['stowage_batched_requests_total', other, 12],
  ] as const) {
    expect((await linesOf(telemetry, name)).filter((line) => line.includes(labels))).toEqual([
      `${name}{${labels}} ${value}`,
    ]);
  }
  expect(await linesOf(telemetry, 'stowage_copy_asleep')).toHaveLength(1);
  expect(await linesOf(telemetry, 'stowage_batches_total')).toHaveLength(1);
  telemetry.copyReport(inline, 'inline-0', null);
  telemetry.copyReport(same, 'inline-0', null);
  expect(await telemetry.page()).not.toContain('copy="inline-0"');
});
