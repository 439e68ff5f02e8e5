/**
 * Measurements in Prometheus's text format. Names are those of vLLM's metrics with our prefix, so that
 * dashboards made for the field need one replacement; labels are `scope` (`account/region`), `component`
 * (`endpoint/name`, of a variant's own model `endpoint/variant:name`) and, per copy, `copy`.
 *
 * What happens per request and per token is counted by `text-metrics.ts`; prom-client keeps the rest.
 */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { RequestFacts, Telemetry } from '../../../contracts/telemetry.js';
import type { CopyReport } from '../../../domain/copy.js';
import type { BudgetOwner, Outcome } from '../../../domain/inference.js';
import { parseComponentKey, WorkloadKind } from '../../../domain/component.js';
import { scopeKey } from '../../../domain/scope.js';
import { CopyMetrics } from './copy-metrics.js';
import { CounterMetric, HistogramMetric, type HistogramCell } from './text-metrics.js';

/** Upper bounds in seconds: fine where interactive use is decided, coarse above. */
const waitBounds = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
];
const gapBounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
];

export interface PrometheusTelemetry extends Telemetry {
  /** The whole page for `/metrics`. */
  page(): Promise<string>;
}

export function createPrometheusTelemetry(): PrometheusTelemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return new RegistryTelemetry(registry);
}

/** Labels that a component's numbers carry. */
interface ComponentLabels extends Readonly<Record<string, string>> {
  readonly scope: string;
  readonly component: string;
}

/** A component's cells, found once per call and not once per number. */
interface ComponentCells {
  readonly labels: ComponentLabels;
  readonly outcomes: Map<Outcome, { value: number }>;
  /** By `high`, `normal` or `low`. */
  readonly waits: Map<string, HistogramCell>;
  readonly latency: HistogramCell;
  readonly firstToken: HistogramCell;
  readonly queueTime: HistogramCell;
  readonly gap: HistogramCell;
  readonly promptTokens: { value: number };
  readonly generatedTokens: { value: number };
  readonly resumed: { value: number };
  waiting: number;
  running: number;
}

class RegistryTelemetry implements PrometheusTelemetry {
  private readonly requests = new CounterMetric('stowage_requests_total', 'Requests that ended, by how.');
  private readonly promptTokens = new CounterMetric(
    'stowage_prompt_tokens_total',
    'Prompt tokens of ended requests.',
  );
  private readonly generatedTokens = new CounterMetric(
    'stowage_generation_tokens_total',
    'Tokens generated for ended requests.',
  );
  private readonly resumed = new CounterMetric(
    'stowage_requests_resumed_total',
    'Requests continued on another copy.',
  );
  private readonly pushedOut = new CounterMetric(
    'stowage_queue_pushed_out_total',
    'Requests that gave their place in a full queue to a caller that held less.',
  );
  private readonly overBudget = new CounterMetric(
    'stowage_budget_refusals_total',
    'Requests refused because the tokens of their key or account were used up.',
  );
  private readonly waits = new HistogramMetric(
    'stowage_queue_wait_seconds',
    'Arrival to the first hand-over to a copy, by the sign of the priority.',
    waitBounds,
  );
  private readonly latency = new HistogramMetric(
    'stowage_e2e_request_latency_seconds',
    'Arrival to end.',
    waitBounds,
  );
  private readonly firstToken = new HistogramMetric(
    'stowage_time_to_first_token_seconds',
    'Arrival to first token.',
    waitBounds,
  );
  private readonly queueTime = new HistogramMetric(
    'stowage_request_queue_time_seconds',
    'Arrival to being handed to a copy.',
    waitBounds,
  );
  private readonly gap = new HistogramMetric(
    'stowage_inter_token_latency_seconds',
    'Between two updates of one answer.',
    gapBounds,
  );
  private readonly components = new Map<string, ComponentCells>();
  private readonly exits: Counter<'scope' | 'component' | 'reason'>;
  private readonly copies: CopyMetrics;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    const loadGauge = (name: string, help: string, read: (cells: ComponentCells) => number) => {
      const components = this.components;
      new Gauge({
        name,
        help,
        labelNames: ['scope', 'component'] as const,
        registers,
        collect() {
          this.reset();
          for (const cells of components.values()) this.set(cells.labels, read(cells));
        },
      });
    };
    loadGauge('stowage_num_requests_waiting', 'Requests held in the queue.', (cells) => cells.waiting);
    loadGauge('stowage_num_requests_running', 'Requests handed to copies.', (cells) => cells.running);
    this.exits = new Counter({
      name: 'stowage_copy_exits_total',
      help: 'Copies that ended, by error code.',
      labelNames: ['scope', 'component', 'reason'] as const,
      registers,
    });
    this.copies = new CopyMetrics(registry);
  }

  async page(): Promise<string> {
    const own = [
      this.requests,
      this.promptTokens,
      this.generatedTokens,
      this.resumed,
      this.pushedOut,
      this.overBudget,
      this.waits,
      this.latency,
      this.firstToken,
      this.queueTime,
      this.gap,
    ];
    return `${own.map((metric) => metric.text()).join('\n')}\n${this.copies.text()}\n${await this.registry.metrics()}`;
  }

  requestEnded(component: string, outcome: Outcome, facts: RequestFacts): void {
    const cells = this.cellsOf(component);
    let ended = cells.outcomes.get(outcome);
    if (ended === undefined) {
      ended = this.requests.cell(`${component} ${outcome}`, { ...cells.labels, outcome });
      cells.outcomes.set(outcome, ended);
    }
    ended.value++;
    cells.latency.observe(facts.seconds);
    if (facts.firstTokenSeconds !== null) cells.firstToken.observe(facts.firstTokenSeconds);
    if (facts.queueSeconds !== null) cells.queueTime.observe(facts.queueSeconds);
    cells.promptTokens.value += facts.promptTokens;
    cells.generatedTokens.value += facts.generatedTokens;
  }

  tokenGap(component: string, seconds: number): void {
    this.cellsOf(component).gap.observe(seconds);
  }

  load(component: string, waiting: number, running: number): void {
    const cells = this.cellsOf(component);
    cells.waiting = waiting;
    cells.running = running;
  }

  copyReport(component: string, copyId: string, report: CopyReport | null): void {
    const { scope, component: shown } = labelsOf(component);
    this.copies.report({ scope, component: shown, copy: copyId }, report);
  }

  copyEnded(component: string, reason: string): void {
    this.exits.inc({ ...labelsOf(component), reason });
  }

  requestResumed(component: string): void {
    this.cellsOf(component).resumed.value++;
  }

  waited(component: string, priority: number, seconds: number): void {
    const { labels, waits } = this.cellsOf(component);
    const level = priority > 0 ? 'high' : priority < 0 ? 'low' : 'normal';
    let cell = waits.get(level);
    if (cell === undefined) {
      cell = this.waits.cell(`${component} ${level}`, { ...labels, priority: level });
      waits.set(level, cell);
    }
    cell.observe(seconds);
  }

  requestPushedOut(component: string): void {
    this.pushedOut.cell(component, this.cellsOf(component).labels).value++;
  }

  budgetRefused(component: string, owner: BudgetOwner): void {
    const { labels } = this.cellsOf(component);
    this.overBudget.cell(`${component} ${owner}`, { ...labels, owner }).value++;
  }

  componentGone(component: string): void {
    const cells = this.components.get(component);
    if (cells === undefined) return;
    this.components.delete(component);
    for (const outcome of cells.outcomes.keys()) this.requests.drop(`${component} ${outcome}`);
    for (const level of cells.waits.keys()) this.waits.drop(`${component} ${level}`);
    for (const owner of ['key', 'account']) this.overBudget.drop(`${component} ${owner}`);
    const counters = [this.promptTokens, this.generatedTokens, this.resumed, this.pushedOut];
    const histograms = [this.latency, this.firstToken, this.queueTime, this.gap];
    for (const metric of [...counters, ...histograms]) metric.drop(component);
  }

  private cellsOf(component: string): ComponentCells {
    const known = this.components.get(component);
    if (known !== undefined) return known;
    const labels = labelsOf(component);
    const cells: ComponentCells = {
      labels,
      outcomes: new Map(),
      waits: new Map(),
      latency: this.latency.cell(component, labels),
      firstToken: this.firstToken.cell(component, labels),
      queueTime: this.queueTime.cell(component, labels),
      gap: this.gap.cell(component, labels),
      promptTokens: this.promptTokens.cell(component, labels),
      generatedTokens: this.generatedTokens.cell(component, labels),
      resumed: this.resumed.cell(component, labels),
      waiting: 0,
      running: 0,
    };
    this.components.set(component, cells);
    return cells;
  }
}

function labelsOf(key: string): ComponentLabels {
  const { scope, endpoint, name, kind } = parseComponentKey(key);
  const shown = kind === WorkloadKind.Variant ? `variant:${name}` : name;
  return { scope: scopeKey(scope), component: `${endpoint}/${shown}` };
}
