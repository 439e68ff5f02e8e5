import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OutputFormat, renderList, renderValue } from './render.js';
import type { Column } from './render.js';

interface Row {
  readonly id: string;
  readonly size: number;
}

const rows: readonly Row[] = [
  { id: 'a', size: 10 },
  { id: 'longer', size: 2 },
];
const columns: readonly Column<Row>[] = [
  { title: 'name', cell: ({ id }) => id },
  { title: 'size', isRightAligned: true, cell: ({ size }) => String(size) },
  { title: 'twice', isWideOnly: true, cell: ({ size }) => String(2 * size) },
];
const listing = { rows, columns, nameOf: ({ id }: Row) => `thing/${id}` };

describe('a list', () => {
  it('as a table lines its columns up, without the wide ones', () => {
    expect(renderList(listing, OutputFormat.Table)).toBe('NAME    SIZE\na         10\nlonger     2\n');
  });

  it('as a wide table has every column', () => {
    expect(renderList(listing, OutputFormat.Wide)).toBe(
      'NAME    SIZE  TWICE\na         10  20\nlonger     2  4\n',
    );
  });

  it('as names is one per line, and as JSON and YAML is the rows', () => {
    expect(renderList(listing, OutputFormat.Name)).toBe('thing/a\nthing/longer\n');
    expect(JSON.parse(renderList(listing, OutputFormat.Json))).toEqual(rows);
    expect(parse(renderList(listing, OutputFormat.Yaml))).toEqual(rows);
  });

  it('of nothing is empty for people and an empty list for programs', () => {
    const empty = { ...listing, rows: [] };
    expect(renderList(empty, OutputFormat.Table)).toBe('');
    expect(renderList(empty, OutputFormat.Name)).toBe('');
    expect(renderList(empty, OutputFormat.Json)).toBe('[]\n');
  });
});

it('a value keeps three decimals', () => {
  const value = { a: 1 / 3, b: [2], c: { d: null, e: 'x' } };
  const rounded = { a: 0.333, b: [2], c: { d: null, e: 'x' } };
  expect(JSON.parse(renderValue(value, null))).toEqual(rounded);
  expect(parse(renderValue(value, OutputFormat.Yaml))).toEqual(rounded);
});
