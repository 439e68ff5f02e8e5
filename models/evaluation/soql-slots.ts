/** What counts of a query, read out of its tokens. */
import { closingIndex, isToken, splitAt, textOf, type Token } from './apex-tokens.js';

export interface QuerySlots {
  readonly object: string;
  /** Without Id and aggregates, sorted; of a query inside, its own text. */
  readonly fields: readonly string[];
  readonly functions: readonly string[];
  /** Joined by AND in the query; sorted. */
  readonly conditions: readonly string[];
  readonly groupBy: readonly string[];
  readonly orderBy: readonly string[];
  /** With an offset where there is one; empty = all. */
  readonly limit: string;
  /** What an AggregateResult can be asked for, in small letters: aliases, grouped fields, `expr0`. */
  readonly resultNames: readonly string[];
}

/** Where each clause begins; `WITH`, `FOR` and `ALL` say how it is run, not what it finds. */
const clauseStarts = [
  'select',
  'from',
  'where',
  'with',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'for',
  'all',
] as const;
type Clause = (typeof clauseStarts)[number];

const upperWords = /^(?:and|or|not|in|like|includes|excludes|asc|desc|nulls|first|last|null|true|false)$/i;
const dateWords =
  /^(?:today|yesterday|tomorrow|(?:this|last|next)_(?:week|month|quarter|year)|(?:last|next)_n_(?:day|week|month|year)s|(?:last|next)_90_days)$/i;

/** `tokens`: what stands between the brackets, bound variables without their names already. */
export function querySlots(tokens: readonly Token[]): QuerySlots {
  const clauses = clausesOf(spelledAlike(tokens));
  const items = splitAt(clauses.get('select') ?? [], ',');
  const isFunction = (item: readonly Token[]) => item[0]?.kind === 'word' && isToken(item[1], '(');
  const having = conditionsOf(clauses.get('having') ?? []).map((condition) => `HAVING ${condition}`);
  const offset = textOf(clauses.get('offset') ?? []);
  return {
    object: clauses.get('from')?.[0]?.text ?? '',
    fields: items
      .filter((item) => !isFunction(item))
      .map(fieldText)
      .filter((field) => field !== 'Id')
      .sort(),
    functions: items.filter(isFunction).map(functionText).sort(),
    conditions: [...conditionsOf(clauses.get('where') ?? []), ...having].sort(),
    groupBy: splitAt((clauses.get('group') ?? []).slice(1), ',').map(textOf),
    orderBy: splitAt((clauses.get('order') ?? []).slice(1), ',').map(orderText),
    limit: `${textOf(clauses.get('limit') ?? [])}${offset === '' ? '' : ` OFFSET ${offset}`}`,
    resultNames: resultNames(items, items.filter(isFunction)),
  };
}

function resultNames(
  items: readonly (readonly Token[])[],
  functions: readonly (readonly Token[])[],
): readonly string[] {
  const isAliased = (item: readonly Token[]) => closingIndex(item, 1) < item.length - 1;
  const nameless = functions.filter((item) => !isAliased(item)).map((_, index) => `expr${index}`);
  const named = items.filter((item) => !functions.includes(item) || isAliased(item));
  return [...named.map((item) => item.at(-1)?.text.toLowerCase() ?? ''), ...nameless];
}

function spelledAlike(tokens: readonly Token[]): readonly Token[] {
  return tokens.map((token, index) => {
    if (token.text === '<>') return { kind: 'sign', text: '!=' };
    const isName = token.kind !== 'word' || isToken(tokens[index - 1], '.');
    if (isName || !(upperWords.test(token.text) || dateWords.test(token.text))) return token;
    const isValue = /^(?:true|false|null)$/i.test(token.text);
    return { kind: 'word', text: isValue ? token.text.toLowerCase() : token.text.toUpperCase() };
  });
}

function clausesOf(tokens: readonly Token[]): ReadonlyMap<Clause, readonly Token[]> {
  const clauses = new Map<Clause, Token[]>();
  let current: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const start = clauseStarts.find((clause) => token.kind === 'word' && isToken(token, clause));
    const isName = ['.', ',', 'from'].some((before) => isToken(tokens[index - 1], before));
    const isBegun = (start !== 'group' && start !== 'order') || isToken(tokens[index + 1], 'by');
    if (start !== undefined && isBegun && !isName && !clauses.has(start)) {
      current = [];
      clauses.set(start, current);
      continue;
    }
    const close = isToken(token, '(') ? closingIndex(tokens, index) : index;
    current.push(...tokens.slice(index, close + 1));
    index = close;
  }
  return clauses;
}

function fieldText(item: readonly Token[]): string {
  if (!isToken(item[0], '(')) return pathText(item);
  const inner = querySlots(item.slice(1, -1));
  return `(${[inner.object, inner.fields, inner.conditions, inner.orderBy, inner.limit].flat().join(' | ')})`;
}

/** `Account . Name` without an alias behind it. */
function pathText(item: readonly Token[]): string {
  let end = 1;
  while (isToken(item[end], '.')) end += 2;
  return item
    .slice(0, end)
    .map(({ text }) => text)
    .join('');
}

/** Without its alias. */
function functionText(item: readonly Token[]): string {
  const [name, ...rest] = item.slice(0, closingIndex(item, 1) + 1);
  return `${name!.text.toUpperCase()}${rest.map(({ text }) => text).join('')}`;
}

/** What is joined by AND, each as a text that is the same for the same condition. */
export function conditionsOf(tokens: readonly Token[]): string[] {
  const parts = splitAt(tokens, 'AND');
  return parts.flatMap((part) => {
    const isWrapped = isToken(part[0], '(') && closingIndex(part, 0) === part.length - 1;
    if (!isWrapped) return [conditionText(part)];
    const inner = part.slice(1, -1);
    if (splitAt(inner, 'OR').length < 2) return conditionsOf(inner);
    return [parts.length > 1 ? `( ${alternatives(inner)} )` : alternatives(inner)];
  });
}

function alternatives(tokens: readonly Token[]): string {
  return splitAt(tokens, 'OR')
    .map((part) => conditionsOf(part).sort().join(' AND '))
    .sort()
    .join(' OR ');
}

function conditionText(tokens: readonly Token[]): string {
  if (splitAt(tokens, 'OR').length > 1) return alternatives(tokens);
  const open = tokens.findIndex((token) => isToken(token, '('));
  const isList = open > 0 && isToken(tokens[open - 1], 'IN') && !isToken(tokens[open + 1], 'SELECT');
  if (!isList) return textOf(tokens);
  const close = closingIndex(tokens, open);
  const list = splitAt(tokens.slice(open + 1, close), ',').map(textOf);
  const behind = textOf(tokens.slice(close + 1));
  return `${textOf(tokens.slice(0, open))} ( ${[...new Set(list)].sort().join(' , ')} ) ${behind}`.trim();
}

function orderText(item: readonly Token[]): string {
  const field = item.filter(({ text }) => text !== 'ASC' && text !== 'DESC');
  const direction = item.some(({ text }) => text === 'DESC') ? 'DESC' : 'ASC';
  return `${textOf(field)} ${direction}`;
}
