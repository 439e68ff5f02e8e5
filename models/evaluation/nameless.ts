/** Apex without its names of variables: a parameter is `$` and its place, any other variable `$`. Fields and types stay. */
import { closingIndex, isToken, splitAt, textOf, type Token } from './apex-tokens.js';

export interface Method {
  /** `void`, `List<Case>`; `new` of a constructor. */
  readonly returns: string;
  readonly parameterTypes: readonly string[];
}

export interface Nameless {
  readonly tokens: readonly Token[];
  readonly methods: readonly Method[];
}

interface FoundMethod extends Method {
  readonly parameterNames: readonly string[];
  readonly open: number;
  readonly end: number;
}

const controlWords = words('if for while catch switch else do try when return new throw on');
const modifiers = words(
  'public private protected global static virtual abstract override final transient testmethod webservice with without inherited sharing',
);
/** Words that stand before a name without declaring it. */
const noTypes = words(
  'return new insert update upsert delete undelete merge throw else on in class interface enum implements extends trigger instanceof before after case when not and or user system',
);
const notVariables = words(
  'true false null this super new return if else for while do try catch finally throw break continue instanceof void insert update upsert delete undelete merge public private protected global static virtual abstract override final transient class interface enum implements extends trigger on before after with without sharing inherited testmethod webservice switch when get set ' +
    'system database date datetime time string integer decimal double long boolean id object list map userinfo test trigger json math limits schema sobject blob assert label type',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function isOneOf(token: Token | undefined, set: ReadonlySet<string>): boolean {
  return token?.kind === 'word' && set.has(token.text.toLowerCase());
}

export function isModifier(token: Token | undefined): boolean {
  return isOneOf(token, modifiers);
}

/** Whether a query begins at that bracket. */
export function isQueryStart(tokens: readonly Token[], index: number): boolean {
  return isToken(tokens[index], '[') && isToken(tokens[index + 1], 'SELECT');
}

export function withoutNames(tokens: readonly Token[]): Nameless {
  const methods = findMethods(tokens);
  const inQuery = queryMask(tokens);
  const declared = declaredTypes(tokens, inQuery);
  for (const { parameterNames, parameterTypes } of methods) {
    for (const [place, name] of parameterNames.entries()) declared.set(name, parameterTypes[place]!);
  }
  const isVariable = (token: Token, index: number): boolean => {
    if (token.kind !== 'word' || isToken(tokens[index - 1], '.') || isToken(tokens[index + 1], '('))
      return false;
    if (inQuery[index]) {
      // A bound variable; in a date's `LAST_N_DAYS:30` a number follows the colon.
      if (!isToken(tokens[index - 1], ':')) return false;
    } else if (isToken(tokens[index - 1], '@') || isFieldOfNew(tokens, index)) return false;
    if (declared.has(token.text)) return true;
    return /^[a-z]/.test(token.text) && !token.text.endsWith('__c') && !isOneOf(token, notVariables);
  };
  return {
    methods,
    tokens: tokens.map((token, index) =>
      isVariable(token, index)
        ? { kind: 'word', text: variableAt(token.text, index, methods), ...typed(declared.get(token.text)) }
        : token,
    ),
  };
}

function typed(type: string | undefined): Pick<Token, 'type'> {
  return type === undefined ? {} : { type };
}

/** `Subject` of `new Task(Subject = …`. */
function isFieldOfNew(tokens: readonly Token[], index: number): boolean {
  const isFirst = isToken(tokens[index - 1], '(') || isToken(tokens[index - 1], ',');
  return isFirst && isToken(tokens[index + 1], '=');
}

function variableAt(name: string, index: number, methods: readonly FoundMethod[]): string {
  const method = methods.find(({ open, end }) => index > open && index < end);
  const place = method?.parameterNames.indexOf(name) ?? -1;
  return place < 0 ? '$' : `$${place + 1}`;
}

function queryMask(tokens: readonly Token[]): readonly boolean[] {
  const mask = tokens.map(() => false);
  for (let index = 0; index < tokens.length; index++) {
    if (!isQueryStart(tokens, index)) continue;
    const close = closingIndex(tokens, index);
    mask.fill(true, index, close + 1);
    index = close;
  }
  return mask;
}

/** Of variables the type that they were declared with last. */
function declaredTypes(tokens: readonly Token[], inQuery: readonly boolean[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || inQuery[index]) continue;
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    const isTyped =
      (before?.kind === 'word' && !isOneOf(before, noTypes)) || isToken(before, '>') || isToken(before, ']');
    const isEnded = ['=', ';', ':', ',', ')'].some((sign) => isToken(after, sign));
    const isKey = isToken(tokens[index - 2], 'upsert'); // `upsert accounts Key__c;`
    if (isTyped && isEnded && !isKey) types.set(token.text, typeBefore(tokens, index));
  }
  return types;
}

/** `Map<Id, List<Case>>` before the name at that index. */
function typeBefore(tokens: readonly Token[], nameIndex: number): string {
  let start = nameIndex;
  for (let depth = 0; start > 0; start--) {
    const before = tokens[start - 1];
    if (depth === 0 && before?.kind === 'word') {
      if (!isToken(tokens[start - 2], '.')) return typeText(tokens.slice(start - 1, nameIndex));
    } else if (isToken(before, '>')) depth++;
    else if (isToken(before, '<')) depth--;
    else if (depth === 0 && !['.', '[', ']'].some((sign) => isToken(before, sign))) break;
  }
  return typeText(tokens.slice(start, nameIndex));
}

function findMethods(tokens: readonly Token[]): FoundMethod[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || !isToken(tokens[index + 1], '(')) return [];
    const before = tokens[index - 1];
    const isNamed = before?.kind === 'word' || isToken(before, '>') || isToken(before, ']');
    if (!isNamed || isOneOf(token, controlWords) || isOneOf(before, controlWords)) return [];
    const close = closingIndex(tokens, index + 1);
    if (!isToken(tokens[close + 1], '{')) return [];
    const parameters = parametersOf(tokens.slice(index + 2, close));
    return [
      {
        returns: returnType(tokens, index),
        parameterTypes: parameters.map(({ type }) => type),
        parameterNames: parameters.map(({ name }) => name),
        open: index + 1,
        end: closingIndex(tokens, close + 1),
      },
    ];
  });
}

function returnType(tokens: readonly Token[], nameIndex: number): string {
  let start = nameIndex;
  for (; start > 0; start--) {
    const before = tokens[start - 1]!;
    if (isOneOf(before, modifiers)) break;
    if (before.kind !== 'word' && !['<', '>', ',', '.', '[', ']'].includes(before.text)) break;
  }
  const type = typeText(tokens.slice(start, nameIndex));
  return type === '' ? 'new' : type;
}

function parametersOf(tokens: readonly Token[]): { readonly type: string; readonly name: string }[] {
  return splitTypes(tokens).map((part) => ({
    type: typeText(part.slice(0, -1).filter((token) => !isToken(token, 'final'))),
    name: part.at(-1)?.text ?? '',
  }));
}

/** Parts between commas that stand in no bracket and no type's `<>`. */
export function splitTypes(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [];
  let depth = 0;
  for (const part of splitAt(tokens, ',')) {
    if (depth > 0) parts.at(-1)!.push({ kind: 'sign', text: ',' }, ...part);
    else parts.push([...part]);
    for (const token of part) depth += isToken(token, '<') ? 1 : isToken(token, '>') ? -1 : 0;
  }
  return parts;
}

/** `List<Case>`, also of `Case[]`; spelled alike. */
export function typeText(tokens: readonly Token[]): string {
  const text = textOf(tokens)
    .replaceAll(' ', '')
    .replace(/\bsobject\b/gi, 'SObject');
  return text.endsWith('[]') ? `List<${text.slice(0, -2)}>` : text;
}
