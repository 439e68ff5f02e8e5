/** Lists as `-o table|wide|json|yaml|name` wants them. Pure. */
import { stringify } from 'yaml';

export const OutputFormat = {
  Table: 'table',
  /** The table with every column. */
  Wide: 'wide',
  Json: 'json',
  Yaml: 'yaml',
  /** One `kind/name` per line, for loops of a shell. */
  Name: 'name',
} as const;
export type OutputFormat = (typeof OutputFormat)[keyof typeof OutputFormat];

export interface Column<Row> {
  readonly title: string;
  readonly isWideOnly?: boolean;
  readonly isRightAligned?: boolean;
  cell(row: Row): string;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** `kind/name` of a row. */
  nameOf(row: Row): string;
}

/** A list as text that ends with a line's end; empty for a table or names without rows. */
export function renderList<Row extends object>(listing: Listing<Row>, format: OutputFormat): string {
  const { rows, columns, nameOf } = listing;
  switch (format) {
    case OutputFormat.Json:
      return `${JSON.stringify(rows, null, 2)}\n`;
    case OutputFormat.Yaml:
      return stringify(rows);
    case OutputFormat.Name:
      return rows.map((row) => `${nameOf(row)}\n`).join('');
    case OutputFormat.Table:
    case OutputFormat.Wide: {
      const shown = columns.filter((column) => format === OutputFormat.Wide || column.isWideOnly !== true);
      return rows.length === 0 ? '' : renderTable(shown, rows);
    }
    default:
      return format satisfies never;
  }
}

function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ title }) => title.toUpperCase()),
    ...rows.map((row) => columns.map((column) => column.cell(row))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  return cells
    .map((line) =>
      line
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return columns[index]?.isRightAligned === true ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** One value as JSON or, when that is asked for, YAML; numbers with three decimals at most. */
export function renderValue(value: object, format: OutputFormat | null): string {
  const json = JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'number' ? Math.round(part * 1000) / 1000 : part),
    2,
  );
  return format === OutputFormat.Yaml ? stringify(JSON.parse(json)) : `${json}\n`;
}
