/** Apex in tokens; made for any text, right or wrong. */

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign' | 'comment';
  /** Of a text: as it stands, with its quotes. */
  readonly text: string;
  /** Of a variable whose name was taken away, and of a query: its type, where it is known. */
  readonly type?: string;
}

const pattern =
  /\s+|(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)[dDlL]?|(?<text>'(?:[^'\\]|\\.)*'?)|(?<sign>&&|\|\||[=!]==|[=!<>]=|<>|\+\+|--|[-+*/]=|=>|.)/gsu;

/** Without comments, and a query in a text read as one in brackets. Numbers are spelled alike. */
export function apexTokens(code: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { kind, text } of writtenTokens(code)) {
    if (kind === 'text' && /^'\s*select\s.*\sfrom\s/is.test(text)) tokens.push(...queryInText(text));
    else if (kind !== 'comment') tokens.push({ kind, text: kind === 'number' ? String(Number(text)) : text });
  }
  return tokens;
}

/** All that is not spacing, as it is written. */
export function writtenTokens(code: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { groups } of code.matchAll(pattern)) {
    for (const kind of ['comment', 'word', 'number', 'text', 'sign'] as const) {
      const text = groups?.[kind];
      if (text !== undefined) tokens.push({ kind, text });
    }
  }
  return tokens;
}

/** A query in a text (Database.query, getQueryLocator) is read as one in brackets. */
function queryInText(text: string): Token[] {
  const query = text.replace(/^'|'$/g, '').replaceAll("\\'", "'");
  return [{ kind: 'sign', text: '[' }, ...apexTokens(query), { kind: 'sign', text: ']' }];
}

/** Whether the token is that word (any case) or sign. */
export function isToken(token: Token | undefined, text: string): boolean {
  if (token === undefined) return false;
  return token.kind === 'word' ? token.text.toLowerCase() === text.toLowerCase() : token.text === text;
}

const opening = ['(', '[', '{'];
const closing = [')', ']', '}'];

/** Index of the bracket that closes the one at `open`; the end where none does. */
export function closingIndex(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { kind, text } = tokens[index]!;
    if (kind !== 'sign') continue;
    if (opening.includes(text)) depth++;
    if (closing.includes(text) && --depth === 0) return index;
  }
  return tokens.length;
}

/** Parts between separators that stand in no bracket; none of no tokens. */
export function splitAt(tokens: readonly Token[], separator: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const isOpening = token.kind === 'sign' && opening.includes(token.text);
    if (isOpening) {
      const close = closingIndex(tokens, index);
      parts.at(-1)!.push(...tokens.slice(index, close + 1));
      index = close;
    } else if (isToken(token, separator)) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return tokens.length === 0 ? [] : parts;
}

/** The rest of the statement from `start` on, without its `;`. */
export function untilEnd(tokens: readonly Token[], start: number): readonly Token[] {
  let end = start;
  while (end < tokens.length && !isToken(tokens[end], ';') && !isToken(tokens[end], '}')) {
    const opens = isToken(tokens[end], '(') || isToken(tokens[end], '{') || isToken(tokens[end], '[');
    end = (opens ? closingIndex(tokens, end) : end) + 1;
  }
  return tokens.slice(start, Math.min(end, tokens.length));
}

/** Their texts with a blank between any two. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}
