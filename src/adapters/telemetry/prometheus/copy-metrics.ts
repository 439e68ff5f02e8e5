/**
 * What copies say of themselves, as metrics with the label `copy`: the last report of each counts, and a copy that is
 * gone is gone here, too. Counters begin again with each copy. What a copy does not have (a cache, proposals, batches)
 * it has no line for.
 */
import { Gauge, type Registry } from 'prom-client';
import type { CopyReport } from '../../../domain/copy.js';
import { CounterMetric } from './text-metrics.js';

type Labels = Readonly<Record<'scope' | 'component' | 'copy', string>>;
type Read = (report: CopyReport) => number | undefined;

const gauges: readonly (readonly [name: string, help: string, read: Read])[] = [
  ['stowage_copy_running', 'Sequences being computed.', (report) => report.running],
  ['stowage_copy_waiting', 'Requests waiting inside the copy.', (report) => report.waiting],
  ['stowage_copy_steps', 'Steps since the start.', (report) => report.steps],
  [
    'stowage_kv_cache_usage_perc',
    'KV cache cells in use, 1 = all.',
    (report) => report.kvCellsUsed / Math.max(1, report.kvCellsTotal),
  ],
  ['stowage_copy_memory_bytes', 'Resident memory of the process.', (report) => report.memoryBytes],
  ['stowage_copy_threads', 'Compute threads.', (report) => report.threads],
  [
    'stowage_copy_asleep',
    '1 while the copy has given back its KV cache.',
    ({ isAsleep }) => (isAsleep === undefined ? undefined : Number(isAsleep)),
  ],
  [
    'stowage_prefix_cache_ram_bytes',
    'Beginnings of prompts that are kept in RAM.',
    ({ prefixCache }) => prefixCache?.ramBytes,
  ],
  ['stowage_adapters_loaded', 'LoRA adapters that are loaded.', ({ adapters }) => adapters?.loaded],
];

const counters: readonly (readonly [name: string, help: string, read: Read])[] = [
  [
    'stowage_prefix_cache_queries_total',
    'Tokens of prompts that were looked up.',
    ({ prefixCache }) => prefixCache?.promptTokens,
  ],
  [
    'stowage_prefix_cache_hits_total',
    'Tokens of prompts that did not have to be computed.',
    ({ prefixCache }) => prefixCache?.cachedTokens,
  ],
  [
    'stowage_prefix_cache_requests_total',
    'Prompts that were looked up.',
    ({ prefixCache }) => prefixCache?.lookups,
  ],
  [
    'stowage_prefix_cache_requests_hit_total',
    'Prompts of which a beginning was found.',
    ({ prefixCache }) => prefixCache?.hits,
  ],
  [
    'stowage_prefix_cache_evictions_total',
    'Beginnings that had to go for want of room.',
    ({ prefixCache }) => prefixCache?.evictions,
  ],
  [
    'stowage_prefix_cache_saved_total',
    'Beginnings moved from the KV cache to RAM.',
    ({ prefixCache }) => prefixCache?.savedToRam,
  ],
  [
    'stowage_prefix_cache_restored_total',
    'Beginnings copied from RAM into the KV cache.',
    ({ prefixCache }) => prefixCache?.restoredFromRam,
  ],
  [
    'stowage_adapter_changes_total',
    'Steps that began with another LoRA adapter than the one before.',
    ({ adapters }) => adapters?.changes,
  ],
  [
    'stowage_spec_decode_num_drafts_total',
    'Steps in which tokens were proposed.',
    ({ speculation }) => speculation?.steps,
  ],
  [
    'stowage_spec_decode_num_draft_tokens_total',
    'Tokens that were proposed.',
    ({ speculation }) => speculation?.proposedTokens,
  ],
  [
    'stowage_spec_decode_num_accepted_tokens_total',
    'Proposed tokens that were kept.',
    ({ speculation }) => speculation?.acceptedTokens,
  ],
  ['stowage_batches_total', 'Batches of whole requests.', ({ batches }) => batches?.batches],
  ['stowage_batched_requests_total', 'Requests in those batches.', ({ batches }) => batches?.requests],
];

export class CopyMetrics {
  private readonly gauges: readonly (readonly [Gauge<keyof Labels>, Read])[];
  private readonly counters: readonly (readonly [CounterMetric, Read])[];

  constructor(registry: Registry) {
    const labelNames = ['scope', 'component', 'copy'] as const;
    this.gauges = gauges.map(([name, help, read]) => [
      new Gauge({ name, help, labelNames, registers: [registry] }),
      read,
    ]);
    this.counters = counters.map(([name, help, read]) => [new CounterMetric(name, help), read]);
  }

  /** Null = the copy is gone. */
  report(labels: Labels, report: CopyReport | null): void {
    for (const [gauge, read] of this.gauges) {
      const value = report === null ? undefined : read(report);
      if (value === undefined) gauge.remove(labels);
      else gauge.set(labels, value);
    }
    const key = `${labels.scope} ${labels.component} ${labels.copy}`;
    for (const [counter, read] of this.counters) {
      const value = report === null ? undefined : read(report);
      if (value === undefined) counter.drop(key);
      else counter.cell(key, labels).value = value;
    }
  }

  /** Of the counters; the registry has the rest. */
  text(): string {
    return this.counters.map(([counter]) => counter.text()).join('\n');
  }
}
