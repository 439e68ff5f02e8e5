/**
 * What counts of a piece of Apex (models/TASKS.md): its slots, read out of any answer, expected or given. Names of
 * variables, methods and classes, and layout, change nothing. A pure function of the text; a text that is no Apex has
 * the slots that can be found in it.
 */
import { apexTokens, closingIndex, isToken, splitAt, textOf, type Token, untilEnd } from './apex-tokens.js';
import { isQueryStart, typeText, withoutNames } from './nameless.js';
import { dataOperations, standardObjects } from './operation-slots.js';
import { querySlots, type QuerySlots } from './soql-slots.js';
import { slotsOfUnits } from './unit-slots.js';

export const slotNames = [
  'object',
  'fields',
  'functions',
  'conditions',
  'grouping',
  'order',
  'limit',
  'results',
  'aliases',
  'data operations',
  'created',
  'assignments',
  'checks',
  'counts',
  'reads',
  'collections',
  'loops',
  'signatures',
  'annotations',
  'interfaces',
  'units',
  'members',
  'trigger',
  'effects',
  'jobs',
  'messages',
  'assertions',
] as const;
export type SlotName = (typeof slotNames)[number];

/** Of each slot what it holds, as texts; of queries one text each, in their order. */
export type Slots = Readonly<Record<SlotName, readonly string[]>>;

export function slotsOf(code: string): Slots {
  const tokens = apexTokens(code);
  const nameless = withoutNames(tokens);
  const { queries, rest } = takeQueries(nameless.tokens);
  const operations = dataOperations(rest);
  const reads = fieldsRead(rest);
  const isNameFree = operations.some((text) => text.startsWith('delete')) && !reads.includes('Name');
  return {
    ...slotsOfQueries(queries, isNameFree),
    results: queryResults(rest),
    aliases: unknownAliases(rest, queries),
    'data operations': operations,
    created: createdObjects(rest),
    assignments: assignments(rest).sort(),
    checks: unique(checks(rest)),
    counts: loopCounts(rest),
    reads,
    collections: unique(collections(rest)),
    loops: unique(loopTypes(rest)),
    ...slotsOfUnits(tokens, nameless),
    effects: unique([
      ...effects(rest),
      ...returns(rest),
      ...(operations.length === 0 ? gatherings(rest) : []),
    ]),
    jobs: jobs(rest),
    messages: unique(messages(rest)),
    assertions: unique(assertions(rest)),
  };
}

/** Stands for a query. */
const queryMark = '[…]';

function takeQueries(tokens: readonly Token[]): { queries: QuerySlots[]; rest: Token[] } {
  const queries: QuerySlots[] = [];
  const rest: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    if (!isQueryStart(tokens, index)) {
      rest.push(tokens[index]!);
      continue;
    }
    const close = closingIndex(tokens, index);
    const query = querySlots(tokens.slice(index + 1, close));
    queries.push(query);
    rest.push({ kind: 'sign', text: queryMark, type: `List<${query.object}>` });
    index = close;
  }
  return { queries, rest };
}

const nameFields = ['Name', 'CaseNumber', 'ContractNumber', 'OrderNumber', 'Subject'];

/** What is deleted may be selected with its name or without. */
function slotsOfQueries(queries: readonly QuerySlots[], isNameFree: boolean) {
  const isLoose = ({ fields }: QuerySlots) =>
    isNameFree && fields.length === 1 && nameFields.includes(fields[0]!);
  return {
    object: queries.map(({ object }) => object),
    fields: queries.map((query) => (isLoose(query) ? '' : query.fields.join(', '))),
    functions: queries.map(({ functions }) => functions.join(', ')),
    conditions: queries.map(({ conditions }) => conditions.join(' AND ')),
    grouping: queries.map(({ groupBy }) => groupBy.join(', ')),
    order: queries.map(({ orderBy }) => orderBy.join(', ')),
    limit: queries.map(({ limit }) => limit),
  };
}

/** Types of the variables that queries are given to; empty where a query goes elsewhere. */
function queryResults(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (!isToken(token, queryMark)) return [];
    return [isToken(tokens[index - 1], '=') ? (tokens[index - 2]?.type ?? '') : ''];
  });
}

/** Names that an AggregateResult is asked for and that no query selects: always wrong, whatever was expected. */
function unknownAliases(tokens: readonly Token[], queries: readonly QuerySlots[]): string[] {
  const known = new Set(queries.flatMap(({ resultNames }) => resultNames));
  return tokens.flatMap((token, index) => {
    const isAsked = isToken(tokens[index + 1], '.') && isToken(tokens[index + 2], 'get');
    const name = tokens[index + 4];
    if (token.type !== 'AggregateResult' || !isAsked || name?.kind !== 'text') return [];
    return known.has(name.text.slice(1, -1).toLowerCase()) ? [] : [name.text];
  });
}

/** Indexes of the types behind `new` that are objects with their fields in brackets. */
function creations(
  tokens: readonly Token[],
): readonly { readonly at: number; readonly items: readonly (readonly Token[])[] }[] {
  return tokens.flatMap((token, index) => {
    if (!isToken(token, 'new') || isToken(tokens[index - 1], '.') || !isToken(tokens[index + 2], '('))
      return [];
    const items = splitAt(tokens.slice(index + 3, closingIndex(tokens, index + 2)), ',');
    const isObject = standardObjects.test(tokens[index + 1]!.text);
    return isObject || items.some((item) => isToken(item[1], '=')) ? [{ at: index + 1, items }] : [];
  });
}

function createdObjects(tokens: readonly Token[]): string[] {
  return creations(tokens).map(({ at }) => tokens[at]!.text);
}

function assignments(tokens: readonly Token[]): string[] {
  const given = creations(tokens).flatMap(({ items }) =>
    items
      .filter((item) => isToken(item[1], '='))
      .map((item) => `${item[0]!.text} = ${valueText(item.slice(2))}`),
  );
  const assigned = tokens.flatMap((token, index) => {
    const isSum = isToken(token, '+=') || isToken(token, '-=');
    if (!isSum && !isToken(token, '=')) return [];
    const path = fieldPathBefore(tokens, index);
    if (path === null || (path === '' && !isSum)) return [];
    return [`${path} ${token.text} ${valueText(untilEnd(tokens, index + 1))}`.trim()];
  });
  return [...given, ...assigned];
}

/** `Status__c` of `$.Status__c =`; empty = a variable itself; null = nothing that counts, as `this.x`. */
function fieldPathBefore(tokens: readonly Token[], end: number): string | null {
  let start = end - 1;
  while (start > 1 && isToken(tokens[start - 1], '.')) start -= 2;
  if (isToken(tokens[start], 'this')) return null;
  return textOf(tokens.slice(start + 1, end))
    .replaceAll(' ', '')
    .replace(/^\./, '');
}

function valueText(tokens: readonly Token[]): string {
  return textOf(tokens)
    .replace(/\bsystem \. today\b/gi, 'Date . today')
    .replace(/\bsystem \. now\b/gi, 'Datetime . now')
    .replace(/\bdate \. today\b/gi, 'Date . today')
    .replace(/\bdatetime \. now\b/gi, 'Datetime . now')
    .replace(/\b(true|false|null)\b(?![^']*'(?:[^']*'[^']*')*[^']*$)/gi, (word) => word.toLowerCase());
}

/** Conditions in memory, those around `&&` each by itself; how a map is filled and a result is read does not count. */
function checks(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (!isToken(token, 'if') && !isToken(token, 'while')) return [];
    if (token.kind !== 'word' || !isToken(tokens[index + 1], '(')) return [];
    return conjuncts(tokens.slice(index + 2, closingIndex(tokens, index + 1)))
      .map(checkText)
      .filter((text) => !/\b(?:containsKey|isSuccess)\b/.test(text));
  });
}

function conjuncts(tokens: readonly Token[]): (readonly Token[])[] {
  const isWrapped = isToken(tokens[0], '(') && closingIndex(tokens, 0) === tokens.length - 1;
  if (isWrapped) return conjuncts(tokens.slice(1, -1));
  if (splitAt(tokens, '||').length > 1) return [tokens];
  const parts = splitAt(tokens, '&&');
  return parts.length > 1 ? parts.flatMap(conjuncts) : [tokens];
}

function checkText(tokens: readonly Token[]): string {
  return splitAt(tokens, '||')
    .map((part) =>
      valueText(part)
        .replace(/^(.*) == true$/, '$1')
        .replace(/^(.*) == false$/, '! $1')
        .replace(/^(.*) \. size \( \) == 0$/, '$1 . isEmpty ( )')
        .replace(/^(.*) \. size \( \) (?:> 0|!= 0)$/, '! $1 . isEmpty ( )'),
    )
    .sort()
    .join(' || ');
}

/** How often a counting loop runs: `200 times`, or from where to where. */
function loopCounts(tokens: readonly Token[]): string[] {
  return loopHeads(tokens).flatMap((head) => {
    const [begin, condition] = splitAt(head, ';');
    if (begin === undefined || condition === undefined) return [];
    const start = textOf(begin.slice(begin.findIndex((token) => isToken(token, '=')) + 1));
    const [, sign, ...bound] = condition;
    const [from, to] = [Number(start), Number(textOf(bound))];
    const isCounted =
      Number.isInteger(from) && Number.isInteger(to) && ['<', '<='].includes(sign?.text ?? '');
    return [
      isCounted
        ? `${to - from + Number(isToken(sign, '<='))} times`
        : `${start} ${textOf(condition.slice(1))}`,
    ];
  });
}

/** Types that loops go over. */
function loopTypes(tokens: readonly Token[]): string[] {
  return loopHeads(tokens).flatMap((head) => {
    const [declaration, source] = splitAt(head, ':');
    const type = typeText((declaration ?? []).slice(0, -1));
    return source === undefined || type.startsWith('Database.') ? [] : [type];
  });
}

function loopHeads(tokens: readonly Token[]): (readonly Token[])[] {
  return tokens.flatMap((token, index) => {
    const isLoop = token.kind === 'word' && isToken(token, 'for') && isToken(tokens[index + 1], '(');
    return isLoop ? [tokens.slice(index + 2, closingIndex(tokens, index + 1))] : [];
  });
}

/** Fields that are read of records, and `Trigger.new` and its like; Id says nothing. */
function fieldsRead(tokens: readonly Token[]): string[] {
  const fields = tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || !isToken(tokens[index - 1], '.')) return [];
    const base = tokens[index - 2];
    if (isToken(base, 'Trigger')) return [`Trigger.${token.text}`];
    const isOfRecord = base?.text.startsWith('$') === true || isToken(base, ')') || isToken(base, ']');
    const isPath = isToken(tokens[index - 3], '.') && base?.kind === 'word';
    const isCalled =
      isToken(tokens[index + 1], '(') ||
      (isToken(tokens[index + 1], '.') && isToken(tokens[index + 2], 'addError'));
    const isSet = isToken(tokens[index + 1], '=');
    return (isOfRecord || isPath) && !isCalled && !isSet && token.text !== 'Id' ? [token.text] : [];
  });
  return unique(fields);
}

/** Types of maps and sets. */
function collections(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const isCollection = (isToken(token, 'Map') || isToken(token, 'Set')) && isToken(tokens[index + 1], '<');
    if (!isCollection) return [];
    let end = index + 1;
    for (let depth = 0; end < tokens.length; end++) {
      depth += isToken(tokens[end], '<') ? 1 : isToken(tokens[end], '>') ? -1 : 0;
      if (depth === 0) break;
    }
    return [typeText(tokens.slice(index, end + 1))];
  });
}

const calledEffects = ['addError', 'debug', 'sendEmail', 'publish'];
const jobCalls = ['executeBatch', 'enqueueJob', 'schedule'];

/** What it does beside data operations; only that it does. */
function effects(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word') return [];
    if (isToken(token, 'throw') || isToken(token, 'catch')) return [token.text.toLowerCase()];
    if (isToken(token, 'return') && isToken(tokens[index + 1], ';')) return ['return'];
    const isCalled = isToken(tokens[index - 1], '.') && isToken(tokens[index + 1], '(');
    return isCalled && calledEffects.includes(token.text) ? [token.text] : [];
  });
}

/** What a method gives back: a literal as it is, of anything else that it is one. */
function returns(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || !isToken(token, 'return')) return [];
    const value = untilEnd(tokens, index + 1);
    const isLiteral = /^(?:null|true|false|-? ?\d+|'.*')$/is.test(textOf(value));
    return value.length === 0 ? [] : [`return ${isLiteral ? valueText(value) : 'value'}`];
  });
}

/** What a loop makes of the records of a list: a list of some, their number, or the first. */
function gatherings(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (isToken(token, 'break')) return ['break'];
    if (isToken(token, '++') && isToken(tokens[index + 1], ';')) return ['count'];
    return isToken(token, 'add') && isToken(tokens[index - 1], '.') ? ['add'] : [];
  });
}

/** What is started, with its arguments. */
function jobs(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    if (!jobCalls.includes(token.text) || !isToken(tokens[index + 1], '(')) return [];
    return [`${token.text}${valueText(tokens.slice(index + 1, closingIndex(tokens, index + 1) + 1))}`];
  });
}

/** Texts of errors that are thrown or added. */
function messages(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const isError = isToken(token, 'addError') || isToken(token, 'throw');
    if (token.kind !== 'word' || !isError) return [];
    return untilEnd(tokens, index + 1).flatMap(({ kind, text }) => (kind === 'text' ? [text] : []));
  });
}

/** Each as the comparison that it is; those of one operand compare it with a literal. */
const assertionCalls: ReadonlyMap<string, { readonly is: string; readonly literal?: string }> = new Map([
  ['assert', { is: 'equal', literal: 'true' }],
  ['isTrue', { is: 'equal', literal: 'true' }],
  ['isFalse', { is: 'equal', literal: 'false' }],
  ['isNull', { is: 'equal', literal: 'null' }],
  ['isNotNull', { is: 'unequal', literal: 'null' }],
  ['assertEquals', { is: 'equal' }],
  ['areEqual', { is: 'equal' }],
  ['assertNotEquals', { is: 'unequal' }],
  ['areNotEqual', { is: 'unequal' }],
]);

function assertions(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const call = assertionCalls.get(token.text);
    const isCalled = isToken(tokens[index - 1], '.') && isToken(tokens[index + 1], '(');
    if (call === undefined || !isCalled) return [];
    const operands = splitAt(tokens.slice(index + 2, closingIndex(tokens, index + 1)), ',').map(valueText);
    const compared =
      call.literal === undefined ? operands.slice(0, 2) : [call.literal, ...operands.slice(0, 1)];
    return [`${call.is} ${compared.join(' , ')}`];
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
