/** The metric of a policy that is computed from several: metric math over what was measured. Only reads. */
import type { MetricStore } from '../../contracts/metric-store.js';
import { applyExpression, type MathValue, type TimeSeries } from '../../decide/metrics/apply-expression.js';
import { ExpressionProblem, parseExpression } from '../../decide/metrics/expression.js';
import { parseStatistic, statisticOf } from '../../decide/metrics/statistics.js';
import type { MetricDataQuery } from '../../domain/scaling.js';
import type { Scope } from '../../domain/scope.js';
import { isInUnit } from '../metrics/measured-values.js';

/** Whole periods, wall clock, milliseconds. */
export interface Stretch {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly periodSeconds: number;
}

/**
 * What the one query that is returned gives, by the periods' beginnings. Throws `ExpressionProblem` for what cannot be
 * computed, whatever was measured.
 */
export function valuesOfQueries(
  queries: readonly MetricDataQuery[],
  scope: Scope,
  stretch: Stretch,
  metrics: Pick<MetricStore, 'read' | 'find'>,
): ReadonlyMap<number, number> {
  const results = new Map<string, MathValue | 'begun'>();
  const valueOf = (query: MetricDataQuery): MathValue => {
    const known = results.get(query.id);
    if (known === 'begun') throw new ExpressionProblem(`"${query.id}" needs its own result`);
    if (known !== undefined) return known;
    results.set(query.id, 'begun');
    const value = query.metricStat === undefined ? computed(query) : measured(query, scope, stretch, metrics);
    results.set(query.id, value);
    return value;
  };
  const computed = ({ expression = '' }: MetricDataQuery): MathValue =>
    applyExpression(parseExpression(expression), {
      from: stretch.from,
      to: stretch.to,
      queryResult: (name) => {
        const query = queries.find(({ id }) => id === name);
        return query === undefined ? null : valueOf(query);
      },
      metricSeries: () =>
        queries.flatMap((query) => {
          const value = query.metricStat === undefined ? null : valueOf(query);
          return value === null ? [] : [value as TimeSeries];
        }),
      search: () => {
        throw new ExpressionProblem('SEARCH has no place in the metric of a policy');
      },
      // A policy has few queries over few periods, which were looked at when it was put.
      spend: () => undefined,
    });
  const returned = queries.find(({ returnData = true }) => returnData);
  const value = returned === undefined ? 0 : valueOf(returned);
  if (typeof value !== 'number' && 'points' in value) return value.points;
  throw new ExpressionProblem('the result must be one time series');
}

function measured(
  { id, metricStat }: MetricDataQuery,
  scope: Scope,
  { from, to, periodSeconds }: Stretch,
  metrics: Pick<MetricStore, 'read' | 'find'>,
): TimeSeries {
  const { metric, stat, unit } = metricStat!;
  const statistic = parseStatistic(stat);
  const { namespace = '', metricName = '', dimensions = [] } = metric;
  const sorted = dimensions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const asked = { scope, namespace, metricName, dimensions: sorted };
  const isThere = isInUnit(metrics, asked, unit);
  const periods = isThere ? metrics.read(asked, from, to, periodSeconds) : [];
  const points = periods.flatMap(({ at, values }): (readonly [number, number])[] => {
    const value = statistic === null ? null : statisticOf(values, statistic);
    return value === null ? [] : [[at, value]];
  });
  return { label: id, periodSeconds, points: new Map(points) };
}
