/** What came of a replay: figures of the whole, of each component, and how they went over time. */

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface RequestFigures {
  readonly arrivals: number;
  readonly completed: number;
  /** By code of the table of errors. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Found no copy that takes requests, and waited for one. */
  readonly held: number;
  /** Milliseconds from arrival; null = no request got a token. */
  readonly firstTokenMs: Percentiles | null;
  readonly totalMs: Percentiles | null;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly generatedTokens: number;
}

export interface ComponentFigures extends RequestFigures {
  readonly name: string;
  readonly coldStarts: number;
  readonly copyHours: number;
  /** Share of its copies' time in which they computed, 0..1. */
  readonly utilization: number;
  readonly copiesMax: number;
}

/** One stretch of the trace. */
export interface ForecastPoint {
  /** Its beginning, milliseconds. */
  readonly atMs: number;
  readonly arrivals: number;
  /** Means over the stretch. */
  readonly copies: number;
  readonly instances: number;
  /** Of the answers that began in it, milliseconds; null = none did. */
  readonly firstTokenP95Ms: number | null;
}

export interface ForecastResult {
  readonly durationMs: number;
  /** Accelerators of all instances, as long as those were there, hours. */
  readonly acceleratorHours: number;
  readonly instanceHours: number;
  /** Accelerators that copies held, hours; what of the rest was nobody's. */
  readonly heldAcceleratorHours: number;
  readonly copyHours: number;
  /** US dollars. */
  readonly cost: number;
  /** Copies that were started, by where their weights were. */
  readonly coldStarts: number;
  readonly instanceStarts: number;
  /** Share of the copies' time in which they computed, 0..1. */
  readonly utilization: number;
  readonly requests: RequestFigures;
  readonly components: readonly ComponentFigures[];
  readonly points: readonly ForecastPoint[];
}
