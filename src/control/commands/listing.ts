/**
 * Pages of lists: filtered, sorted, cut, and continued where the page before ended. A token says after which entry to
 * go on, not how many were shown, so nothing is shown twice or left out while others are added and removed. One pass
 * over the records for a page, with at most a page of them in hand.
 */
import { createHash } from 'node:crypto';
import { StowageError } from '../../domain/errors.js';
import { type Scope, scopeKey } from '../../domain/scope.js';

/** The members that all lists share. */
export interface ListInput {
  readonly sortBy?: 'Name' | 'CreationTime' | 'Status';
  readonly sortOrder?: 'Ascending' | 'Descending';
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly nameContains?: string;
  readonly creationTimeBefore?: number;
  readonly creationTimeAfter?: number;
  readonly lastModifiedTimeBefore?: number;
  readonly lastModifiedTimeAfter?: number;
  readonly statusEquals?: string;
}

/** Entries on a page when the caller does not say: as SageMaker's. */
const maxResultsDefault = 10;

export interface ListedRecord {
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt?: number;
  readonly status?: string;
}

type SortKey = string | number;

/** Where a page ended. */
interface Position {
  readonly key: SortKey;
  readonly name: string;
}

export interface Page<R> {
  readonly records: readonly R[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/**
 * A page of what the input asks for: newest first when it does not say. `list` names the list, so that a token of
 * another one is told apart. Throws LIMIT-711 for a token that this query did not give.
 */
export function listPage<R extends ListedRecord>(
  list: string,
  scope: Scope,
  records: readonly { readonly value: R }[],
  input: ListInput,
): Page<R> {
  const { nextToken, maxResults = maxResultsDefault, ...query } = input;
  const { sortBy = 'CreationTime', sortOrder = 'Descending' } = input;
  const sign = sortOrder === 'Ascending' ? 1 : -1;
  const keyOf = sortKeyOf(sortBy);
  const fingerprint = fingerprintOf([list, scopeKey(scope), query]);
  const after = nextToken === undefined ? null : readToken(nextToken, fingerprint);
  const matches = filterOf(input);
  const order = (a: Entry<R>, b: Entry<R>) => sign * comparePositions(a, b);

  const first = new FirstEntries<R>(maxResults + 1, order);
  for (let index = 0; index < records.length; index++) {
    // The lists are in order of names, so this way round most entries after a page of them are passed over at once.
    const { value: record } = records[sign === 1 ? index : records.length - 1 - index]!;
    if (!matches(record)) continue;
    const entry = { key: keyOf(record), name: record.name, record };
    if (after === null || sign * comparePositions(after, entry) < 0) first.offer(entry);
  }
  const found = first.sorted();
  const page = found.slice(0, maxResults);
  const end = page.at(-1);
  const isLast = end === undefined || found.length <= maxResults;
  return {
    records: page.map(({ record }) => record),
    ...(isLast ? {} : { nextToken: writeToken(end, fingerprint) }),
  };
}

interface Entry<R> extends Position {
  readonly record: R;
}

/** The first `count` of all entries that are offered, without sorting all of them. */
class FirstEntries<R> {
  private entries: Entry<R>[] = [];
  /** Once there are enough: the last one that is still among the first. */
  private last: Entry<R> | null = null;

  constructor(
    private readonly count: number,
    private readonly order: (a: Entry<R>, b: Entry<R>) => number,
  ) {}

  offer(entry: Entry<R>): void {
    if (this.last !== null && this.order(entry, this.last) > 0) return;
    this.entries.push(entry);
    if (this.entries.length >= 4 * this.count) this.last = this.sorted().at(-1) ?? null;
  }

  sorted(): readonly Entry<R>[] {
    this.entries = this.entries.sort(this.order).slice(0, this.count);
    return this.entries;
  }
}

/** A page of alarms and other lists that are in order of names only. */
export function namePage<R extends { readonly name: string }>(
  list: string,
  scope: Scope,
  records: readonly R[],
  page: { readonly query: object; readonly nextToken: string | undefined; readonly maxResults: number },
): Page<R> {
  const fingerprint = fingerprintOf([list, scopeKey(scope), page.query]);
  const after = page.nextToken === undefined ? null : readToken(page.nextToken, fingerprint);
  const rest = after === null ? records : records.filter(({ name }) => name > after.name);
  const shown = rest.slice(0, page.maxResults);
  const end = shown.at(-1);
  if (end === undefined || rest.length <= page.maxResults) return { records: shown };
  return { records: shown, nextToken: writeToken({ key: end.name, name: end.name }, fingerprint) };
}

/** What makes a list: its name, whose it is, and what is asked for. */
type ListOf = readonly [list: string, scope: Scope, query: object];

/** A token of a list that is not made of records, continued after `key` and `name`. */
export function writePosition([list, scope, query]: ListOf, key: string | number, name: string): string {
  return writeToken({ key, name }, fingerprintOf([list, scopeKey(scope), query]));
}

/** What `writePosition` wrote. Throws LIMIT-711 for a token of another list. */
export function readPosition([list, scope, query]: ListOf, token: string): Position {
  return readToken(token, fingerprintOf([list, scopeKey(scope), query]));
}

/** LIMIT-711. */
export function foreignToken(): StowageError {
  return StowageError.of('LIMIT-711', { problem: 'NextToken does not belong to this query.' });
}

function filterOf(input: ListInput): (record: ListedRecord) => boolean {
  const { nameContains, statusEquals } = input;
  const { creationTimeBefore = Infinity, creationTimeAfter = -Infinity } = input;
  const { lastModifiedTimeBefore = Infinity, lastModifiedTimeAfter = -Infinity } = input;
  return (record) =>
    (nameContains === undefined || record.name.includes(nameContains)) &&
    (statusEquals === undefined || record.status === statusEquals) &&
    record.createdAt < creationTimeBefore &&
    record.createdAt > creationTimeAfter &&
    (record.modifiedAt ?? record.createdAt) < lastModifiedTimeBefore &&
    (record.modifiedAt ?? record.createdAt) > lastModifiedTimeAfter;
}

function sortKeyOf(sortBy: NonNullable<ListInput['sortBy']>): (record: ListedRecord) => SortKey {
  switch (sortBy) {
    case 'Name':
      return (record) => record.name;
    case 'CreationTime':
      return (record) => record.createdAt;
    case 'Status':
      return (record) => record.status ?? '';
    default:
      return sortBy satisfies never;
  }
}

/** Keys of one query are all of one type; equal keys go by name. */
function comparePositions(a: Position, b: Position): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** The same for the same query, whatever the order of its members. */
function fingerprintOf([list, scope, query]: readonly [string, string, object]): string {
  const members = Object.entries(query).filter(([, value]) => value !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([list, scope, members]))
    .digest('base64url')
    .slice(0, 16);
}

function writeToken({ key, name }: Position, fingerprint: string): string {
  return Buffer.from(JSON.stringify([fingerprint, key, name])).toString('base64url');
}

function readToken(token: string, fingerprint: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw foreignToken();
  }
  if (!Array.isArray(parts)) throw foreignToken();
  const [bound, key, name] = parts as unknown[];
  const isKey = typeof key === 'string' || typeof key === 'number';
  if (bound !== fingerprint || !isKey || typeof name !== 'string') throw foreignToken();
  return { key, name };
}
