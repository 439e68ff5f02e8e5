/** The value that a policy tracks where it is an expression over several metrics, as GetMetricData computes it. */
import type { MetricStore } from '../../contracts/metric-store.js';
import {
  applyExpression,
  type ExpressionContext,
  type MathValue,
  type TimeSeries,
} from '../../decide/metrics/apply-expression.js';
import { ExpressionProblem, parseExpression } from '../../decide/metrics/expression.js';
import { parseStatistic, statisticOf } from '../../decide/metrics/statistics.js';
import type { MetricDataQuery } from '../../domain/scaling.js';
import type { Scope } from '../../domain/scope.js';

export interface MathStretch {
  readonly scope: Scope;
  /** Wall clock; periods that begin from `from` until before `to`. */
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** Values by their periods' beginnings; empty where the expression cannot be computed. */
export function mathValues(
  metrics: MetricStore,
  queries: readonly MetricDataQuery[],
  stretch: MathStretch,
): ReadonlyMap<number, number> {
  const returned = queries.find(({ returnData = true }) => returnData);
  if (returned === undefined) return new Map();
  try {
    const value = new MetricMath(metrics, queries, stretch).valueOf(returned);
    if (typeof value === 'number') return new Map();
    if ('points' in value) return value.points;
    return value.length === 1 ? value[0]!.points : new Map();
  } catch (thrown) {
    if (thrown instanceof ExpressionProblem) return new Map();
    throw thrown;
  }
}

class MetricMath {
  private readonly known = new Map<string, MathValue | 'begun'>();

  constructor(
    private readonly metrics: MetricStore,
    private readonly queries: readonly MetricDataQuery[],
    private readonly stretch: MathStretch,
  ) {}

  valueOf(query: MetricDataQuery): MathValue {
    const known = this.known.get(query.id);
    if (known === 'begun') throw new ExpressionProblem(`${query.id} needs its own result`);
    if (known !== undefined) return known;
    this.known.set(query.id, 'begun');
    const { expression } = query;
    const value =
      expression === undefined
        ? this.seriesOf(query)
        : applyExpression(parseExpression(expression), this.context());
    this.known.set(query.id, value);
    return value;
  }

  private seriesOf({ id, metricStat }: MetricDataQuery): TimeSeries {
    const { scope, from, to, periodSeconds } = this.stretch;
    const { namespace = '', metricName = '', dimensions = [] } = metricStat?.metric ?? {};
    const statistic = parseStatistic(metricStat?.stat ?? '');
    const sorted = dimensions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const metric = { scope, namespace, metricName, dimensions: sorted };
    const points = new Map<number, number>();
    for (const { at, values } of this.metrics.read(metric, from, to, periodSeconds)) {
      const value = statistic === null ? null : statisticOf(values, statistic);
      if (value !== null) points.set(at, value);
    }
    return { label: id, periodSeconds, points };
  }

  private context(): ExpressionContext {
    return {
      from: this.stretch.from,
      to: this.stretch.to,
      queryResult: (name) => {
        const query = this.queries.find(({ id }) => id === name);
        return query === undefined ? null : this.valueOf(query);
      },
      metricSeries: () =>
        this.queries.flatMap((query) =>
          query.metricStat === undefined ? [] : [this.valueOf(query) as TimeSeries],
        ),
      search: () => {
        throw new ExpressionProblem('a policy names its metrics, it does not search for them');
      },
    };
  }
}
