/**
 * Measurements in Prometheus's text format. Names are those of vLLM's metrics with our prefix, so that
 * dashboards made for the field need one replacement; labels are `component` and, per copy, `copy`.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestFacts, Telemetry } from '../../../contracts/telemetry.js';
import type { CopyReport } from '../../../domain/copy.js';
import type { Outcome } from '../../../domain/inference.js';

/** Upper bounds in seconds: fine where interactive use is decided, coarse above. */
const waitBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
];
const gapBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
];

export interface PrometheusTelemetry extends Telemetry {
  /** The whole page for `/metrics`, and its content type. */
  page(): Promise<string>;
  readonly contentType: string;
}

export function createPrometheusTelemetry(): PrometheusTelemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return new RegistryTelemetry(registry);
}

class RegistryTelemetry implements PrometheusTelemetry {
  readonly contentType: string;
  private readonly requests: Counter<'component' | 'outcome'>;
  private readonly latency: Histogram<'component'>;
  private readonly firstToken: Histogram<'component'>;
  private readonly queueTime: Histogram<'component'>;
  private readonly gap: Histogram<'component'>;
  private readonly promptTokens: Counter<'component'>;
  private readonly generatedTokens: Counter<'component'>;
  private readonly resumed: Counter<'component'>;
  private readonly exits: Counter<'component' | 'reason'>;
  private readonly waiting: Gauge<'component'>;
  private readonly running: Gauge<'component'>;
  private readonly copyGauges: readonly (readonly [
    Gauge<'component' | 'copy'>,
    (report: CopyReport) => number,
  ])[];
  /** Children by component, so that the hot path hashes no labels. */
  private readonly gapOf = new Map<string, { observe(seconds: number): void }>();
  private readonly loadOf = new Map<string, { waiting: GaugeChild; running: GaugeChild }>();

  constructor(private readonly registry: Registry) {
    this.contentType = registry.contentType;
    const registers = [registry];
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name, help, buckets, labelNames: ['component'] as const, registers });
    const counter = (name: string, help: string) =>
      new Counter({ name, help, labelNames: ['component'] as const, registers });
    const gauge = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['component'] as const, registers });
    const copyGauge = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['component', 'copy'] as const, registers });

    this.requests = new Counter({
      name: 'stowage_requests_total',
      help: 'Requests that ended, by how.',
      labelNames: ['component', 'outcome'] as const,
      registers,
    });
    this.exits = new Counter({
      name: 'stowage_copy_exits_total',
      help: 'Copies that ended, by error code.',
      labelNames: ['component', 'reason'] as const,
      registers,
    });
    this.latency = histogram('stowage_e2e_request_latency_seconds', 'Arrival to end.', waitBuckets);
    this.firstToken = histogram(
      'stowage_time_to_first_token_seconds',
      'Arrival to first token.',
      waitBuckets,
    );
    this.queueTime = histogram(
      'stowage_request_queue_time_seconds',
      'Arrival to being handed to a copy.',
      waitBuckets,
    );
    this.gap = histogram(
      'stowage_inter_token_latency_seconds',
      'Between two updates of one answer.',
      gapBuckets,
    );
    this.promptTokens = counter('stowage_prompt_tokens_total', 'Prompt tokens of ended requests.');
    this.generatedTokens = counter('stowage_generation_tokens_total', 'Tokens generated for ended requests.');
    this.resumed = counter('stowage_requests_resumed_total', 'Requests continued on another copy.');
    this.waiting = gauge('stowage_num_requests_waiting', 'Requests held in the queue.');
    this.running = gauge('stowage_num_requests_running', 'Requests handed to copies.');
    this.copyGauges = [
      [copyGauge('stowage_copy_running', 'Sequences being computed.'), (report) => report.running],
      [copyGauge('stowage_copy_waiting', 'Requests waiting inside the copy.'), (report) => report.waiting],
      [copyGauge('stowage_copy_steps', 'Steps since the start.'), (report) => report.steps],
      [
        copyGauge('stowage_kv_cache_usage_perc', 'KV cache cells in use, 1 = all.'),
        (report) => report.kvCellsUsed / Math.max(1, report.kvCellsTotal),
      ],
      [
        copyGauge('stowage_copy_memory_bytes', 'Resident memory of the process.'),
        (report) => report.memoryBytes,
      ],
      [copyGauge('stowage_copy_threads', 'Compute threads.'), (report) => report.threads],
    ];
  }

  page(): Promise<string> {
    return this.registry.metrics();
  }

  requestEnded(component: string, outcome: Outcome, facts: RequestFacts): void {
    this.requests.inc({ component, outcome });
    this.latency.observe({ component }, facts.seconds);
    if (facts.firstTokenSeconds !== null) this.firstToken.observe({ component }, facts.firstTokenSeconds);
    if (facts.queueSeconds !== null) this.queueTime.observe({ component }, facts.queueSeconds);
    this.promptTokens.inc({ component }, facts.promptTokens);
    this.generatedTokens.inc({ component }, facts.generatedTokens);
  }

  tokenGap(component: string, seconds: number): void {
    let child = this.gapOf.get(component);
    if (child === undefined) {
      child = this.gap.labels({ component });
      this.gapOf.set(component, child);
    }
    child.observe(seconds);
  }

  load(component: string, waiting: number, running: number): void {
    let children = this.loadOf.get(component);
    if (children === undefined) {
      children = {
        waiting: this.waiting.labels({ component }),
        running: this.running.labels({ component }),
      };
      this.loadOf.set(component, children);
    }
    children.waiting.set(waiting);
    children.running.set(running);
  }

  copyReport(component: string, copyId: string, report: CopyReport | null): void {
    const labels = { component, copy: copyId };
    for (const [gauge, read] of this.copyGauges) {
      if (report === null) gauge.remove(labels);
      else gauge.set(labels, read(report));
    }
  }

  copyEnded(component: string, reason: string): void {
    this.exits.inc({ component, reason });
  }

  requestResumed(component: string): void {
    this.resumed.inc({ component });
  }
}

type GaugeChild = { set(value: number): void };
