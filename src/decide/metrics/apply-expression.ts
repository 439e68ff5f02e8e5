/**
 * Metric math, applied: numbers, time series and lists of series to a series or a list. As CloudWatch documents it
 * ("Using math expressions with CloudWatch metrics"): a function of one series gives a number, the same function of a
 * list a series; two series meet where both have a value; what is divided by zero is left out.
 */
import { type Expression, ExpressionProblem, type Operator } from './expression.js';

type Operation = Extract<Expression, { readonly kind: 'operation' }>;

/** Values of one metric, or of an expression. */
export interface TimeSeries {
  /** What tells it from the others of a list, whatever is added to the list; absent = nothing does. */
  readonly key?: string;
  readonly label: string;
  readonly periodSeconds: number;
  /** By the period's beginning, oldest first. */
  readonly points: ReadonlyMap<number, number>;
}

/** What an expression asks of the query around it. */
export interface ExpressionContext {
  /** What another query of the same request gives; null = there is no such query. Throws for a circle. */
  queryResult(name: string): MathValue | null;
  /** The series of all metrics that the request names, in its order. */
  metricSeries(): readonly TimeSeries[];
  search(query: string, statistic: string, periodSeconds: number): readonly TimeSeries[];
  /** Called before so many values are looked at; throws when the call has looked at too many. */
  readonly spend: (values: number) => void;
  /** Where FILL begins and ends (exclusive), wall clock, milliseconds. */
  readonly from: number;
  readonly to: number;
}

export type MathValue = number | TimeSeries | readonly TimeSeries[];

/** Throws `ExpressionProblem`. */
export function applyExpression(expression: Expression, context: ExpressionContext): MathValue {
  context.spend(1);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'text':
      throw new ExpressionProblem(`the text '${expression.value}' has no place there`);
    case 'name': {
      const result = context.queryResult(expression.name);
      if (result === null) throw new ExpressionProblem(`no query has the id "${expression.name}"`);
      return result;
    }
    case 'list':
      return expression.elements.map((element) => seriesOf(applyExpression(element, context), 'a list'));
    case 'operation':
      return operations(expression, context);
    case 'call':
      return call(expression.name, expression.inputs, context);
    default:
      return expression satisfies never;
  }
}

/** `a + b + c …` in one go, however long it is: only what is in parentheses goes deeper. */
function operations(whole: Operation, context: ExpressionContext): MathValue {
  const chain: Operation[] = [];
  let first: Expression = whole;
  for (; first.kind === 'operation'; first = first.left) chain.push(first);
  let value = applyExpression(first, context);
  for (const { operator, right } of chain.reverse()) {
    const other = applyExpression(right, context);
    context.spend(1 + pointsIn(value) + pointsIn(other));
    value = operate(operator, value, other);
  }
  return value;
}

/** How many values there are to go through. */
function pointsIn(value: MathValue): number {
  if (typeof value === 'number') return 0;
  return isList(value) ? value.reduce((sum, { points }) => sum + 1 + points.size, 0) : value.points.size;
}

/** The functions there are; others are refused by name. */
const folds = {
  SUM: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value), Infinity),
  MAX: (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), -Infinity),
} as const;
const otherFunctions = ['RUNNING_SUM', 'FILL', 'METRICS', 'SEARCH'] as const;

function call(name: string, inputs: readonly Expression[], context: ExpressionContext): MathValue {
  if (isFold(name)) {
    const values = takeInputs(name, inputs, 1).map((input) => applyExpression(input, context));
    return fold(folds[name], values[0]!, context);
  }
  switch (name) {
    case 'RUNNING_SUM':
      return runningSums(takeInputs(name, inputs, 1)[0]!, context);
    case 'FILL':
      return fill(takeInputs(name, inputs, 2), context);
    case 'METRICS':
      return metrics(inputs, context);
    case 'SEARCH':
      return search(takeInputs(name, inputs, 3), context);
    default: {
      const known = [...Object.keys(folds), ...otherFunctions].join(', ');
      throw new ExpressionProblem(`the function ${name} is not known here; there are ${known}`);
    }
  }
}

function isFold(name: string): name is keyof typeof folds {
  return Object.hasOwn(folds, name);
}

function takeInputs(name: string, inputs: readonly Expression[], count: number): readonly Expression[] {
  if (inputs.length === count) return inputs;
  throw new ExpressionProblem(`${name} takes ${count} input(s), not ${inputs.length}`);
}

function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

function seriesOf(value: MathValue, where: string): TimeSeries {
  if (typeof value === 'number' || isList(value)) {
    throw new ExpressionProblem(`${where} takes a single time series`);
  }
  return value;
}

/** A number of one series, a series of several: at each time, of the values there are. */
function fold(
  function_: (values: readonly number[]) => number,
  value: MathValue,
  context: ExpressionContext,
): MathValue {
  if (typeof value === 'number') throw new ExpressionProblem('a number is no time series');
  context.spend(pointsIn(value));
  if (!isList(value)) return value.points.size === 0 ? 0 : function_([...value.points.values()]);
  const [first] = value;
  if (first === undefined) return { label: '', periodSeconds: 60, points: new Map() };
  const times = new Set(value.flatMap(({ points }) => [...points.keys()]));
  context.spend(times.size * value.length);
  const points = [...times]
    .sort((a, b) => a - b)
    .map((at): readonly [number, number] => {
      const there = value.flatMap((one) => one.points.get(at) ?? []);
      return [at, function_(there)];
    });
  return { label: '', periodSeconds: first.periodSeconds, points: new Map(points) };
}

function eachOf(value: MathValue, name: string, change: (one: TimeSeries) => TimeSeries): MathValue {
  if (typeof value === 'number') throw new ExpressionProblem(`${name} takes time series`);
  return isList(value) ? value.map(change) : change(value);
}

function runningSums(input: Expression, context: ExpressionContext): MathValue {
  const value = applyExpression(input, context);
  context.spend(pointsIn(value));
  return eachOf(value, 'RUNNING_SUM', runningSum);
}

function runningSum(series: TimeSeries): TimeSeries {
  let sum = 0;
  const points = [...series.points].map(([at, value]): readonly [number, number] => [at, (sum += value)]);
  return { ...series, points: new Map(points) };
}

/** FILL(series, 0 | REPEAT | LINEAR): at every time of the request that the series has no value for. */
function fill([input, filler]: readonly Expression[], context: ExpressionContext): MathValue {
  const value = applyExpression(input!, context);
  const how = filler!.kind === 'name' ? filler!.name : null;
  if (how === 'REPEAT' || how === 'LINEAR') {
    return eachOf(value, 'FILL', (one) => filled(one, context, how === 'REPEAT' ? repeated : interpolated));
  }
  const constant = applyExpression(filler!, context);
  if (typeof constant !== 'number') {
    throw new ExpressionProblem('FILL fills with a number, REPEAT or LINEAR');
  }
  return eachOf(value, 'FILL', (one) => filled(one, context, () => constant));
}

type Neighbours = readonly [
  before: readonly [number, number] | null,
  after: readonly [number, number] | null,
];

function filled(
  series: TimeSeries,
  { from, to, spend }: ExpressionContext,
  valueAt: (at: number, neighbours: Neighbours) => number | null,
): TimeSeries {
  const stepMs = series.periodSeconds * 1000;
  const known = [...series.points];
  const points: (readonly [number, number])[] = [];
  let next = 0;
  spend(known.length + Math.max(0, Math.ceil((to - from) / stepMs)));
  const begin = from < to ? Math.floor(from / stepMs) * stepMs : to;
  for (let at = begin; at < to; at += stepMs) {
    while (next < known.length && known[next]![0] < at) next++;
    const here = series.points.get(at);
    const value = here ?? valueAt(at, [known[next - 1] ?? null, known[next] ?? null]);
    if (value !== null) points.push([at, value]);
  }
  return { ...series, points: new Map(points) };
}

function repeated(_: number, [before]: Neighbours): number | null {
  return before === null ? null : before[1];
}

function interpolated(at: number, [before, after]: Neighbours): number | null {
  if (before === null || after === null) return null;
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}

/** METRICS(), or METRICS("text"): those whose label has the text in it. */
function metrics(inputs: readonly Expression[], context: ExpressionContext): MathValue {
  const [filter] = inputs;
  const all = context.metricSeries();
  context.spend(all.length);
  if (filter === undefined) return all;
  if (filter.kind !== 'text' || inputs.length > 1) throw new ExpressionProblem('METRICS takes one text');
  return all.filter(({ label }) => label.includes(filter.value));
}

function search([query, statistic, period]: readonly Expression[], context: ExpressionContext): MathValue {
  if (query?.kind !== 'text' || statistic?.kind !== 'text' || period?.kind !== 'number') {
    throw new ExpressionProblem("SEARCH takes a 'query', a 'statistic' and a period");
  }
  return context.search(query.value, statistic.value, period.value);
}

function operate(operator: Operator, left: MathValue, right: MathValue): MathValue {
  if (isList(left) && isList(right)) {
    throw new ExpressionProblem(`"${operator}" cannot take two lists of time series`);
  }
  if (isList(left)) return left.map((one) => operateSeries(operator, one, right as number | TimeSeries));
  if (isList(right)) return right.map((one) => operateSeries(operator, left, one));
  if (typeof left !== 'number' || typeof right !== 'number') return operateSeries(operator, left, right);
  return compute(operator, left, right) ?? 0;
}

/** At least one of the two is a series. */
function operateSeries(
  operator: Operator,
  left: number | TimeSeries,
  right: number | TimeSeries,
): TimeSeries {
  const frame = (typeof left === 'number' ? right : left) as TimeSeries;
  const points: (readonly [number, number])[] = [];
  for (const at of frame.points.keys()) {
    const one = typeof left === 'number' ? left : left.points.get(at);
    const other = typeof right === 'number' ? right : right.points.get(at);
    if (one === undefined || other === undefined) continue;
    const value = compute(operator, one, other);
    if (value !== null) points.push([at, value]);
  }
  return { ...frame, points: new Map(points) };
}

/** Null where something is divided by zero. */
function compute(operator: Operator, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    default:
      return operator satisfies never;
  }
}
