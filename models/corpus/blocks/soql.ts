/** The text of queries, one way of writing each. */

export interface Query {
  /** As they stand: `Id`, `SUM(Amount) total`, `(SELECT Id FROM Contacts)`. */
  readonly select: readonly string[];
  readonly from: string;
  readonly conditions?: readonly string[];
  readonly groupBy?: string | null;
  readonly orderBy?: string | null;
  /** A number, or a bind (`:maximum`). */
  readonly limit?: number | string | null;
}

/** Fields that still stand in one line with the rest. */
const fieldsInLineMax = 4;

/** `[SELECT … ]`: in one line where at most one condition, grouping, order or limit follows; else a line for each. */
export function soql(query: Query): string {
  const clauses = clausesOf(query);
  const isShort =
    clauses.length <= 1 && query.select.length <= fieldsInLineMax && !query.select.at(-1)!.startsWith('(');
  if (isShort) return `[${[...heads(query), ...clauses].join(' ')}]`;
  return `[\n${indented([...heads(query), ...clauses].join('\n'))}\n]`;
}

/** A query inside another's field list; always in one line. */
export function subquery(query: Query): string {
  return `(${[...heads(query), ...clausesOf(query)].join(' ')})`;
}

function heads(query: Query): string[] {
  return [`SELECT ${query.select.join(', ')}`, `FROM ${query.from}`];
}

function clausesOf(query: Query): string[] {
  return [
    ...(query.conditions ?? []).map((condition, index) => `${index === 0 ? 'WHERE' : 'AND'} ${condition}`),
    ...(query.groupBy ? [`GROUP BY ${query.groupBy}`] : []),
    ...(query.orderBy ? [`ORDER BY ${query.orderBy}`] : []),
    ...(query.limit ? [`LIMIT ${query.limit}`] : []),
  ];
}

/** `Id` and the fields, none twice. */
export function selected(fields: readonly string[]): readonly string[] {
  return [...new Set(['Id', ...fields])];
}

/** Lines moved right by levels of four spaces. */
export function indented(code: string, levels = 1): string {
  return code.replace(/^(?=.)/gm, '    '.repeat(levels));
}
