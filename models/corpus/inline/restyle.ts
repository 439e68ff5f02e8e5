/** Gives marked Apex (apex.ts) the layout of a file's style. */
import type { Style } from './style.js';

const soqlWords =
  /\b(SELECT|FROM|WHERE|AND|OR|NOT|IN|LIKE|ORDER BY|GROUP BY|HAVING|LIMIT|OFFSET|ASC|DESC|NULLS LAST|NULLS FIRST|COUNT|SUM|AVG|MIN|MAX)\b/g;
const soqlBreaks = / (?=(?:FROM|WHERE|AND|ORDER BY|GROUP BY|LIMIT) )/;

export function restyled(code: string, style: Style): string {
  const lines: string[] = [];
  for (const line of code.split('\n')) restyleLine(line, style, lines);
  return lines.join('\n');
}

function restyleLine(line: string, style: Style, lines: string[]): void {
  const content = line.trimStart();
  const depth = line.length - content.length;
  const margin = style.indent.repeat(Math.floor(depth / 4)) + ' '.repeat(depth % 4);
  if (content === '' || /^«?(\/\/|\/?\*)/.test(content)) {
    lines.push(content === '' ? '' : margin + content);
    return;
  }
  let text = content;
  const parting = /^\} (else\b|catch\b|finally\b)/.exec(text);
  if (parting !== null && (style.isBraceAlone || !style.isElseCuddled)) {
    lines.push(`${margin}}`);
    text = text.slice(2);
  }
  if (text.includes('[SELECT ')) text = restyleQuery(text, margin, style);
  if (!style.isKeywordSpaced) {
    text = text.replace(/\b(if|for|while|catch) \(/g, '$1(');
    if (!style.isBraceAlone) text = text.replace(/\)(»?) \{$/, ')$1{');
  }
  if (!style.isGenericSpaced) text = text.replace(/\bMap<(\w+), /g, 'Map<$1,');
  if (style.accessors !== '{ get; set; }') text = text.replace('{ get; set; }', style.accessors);
  if (!style.isAnnotationUpper)
    text = text.replace(/^@IsTest/, '@isTest').replace(/^@TestSetup/, '@testSetup');
  if (style.isBraceAlone && text.endsWith(' {')) lines.push(margin + text.slice(0, -2), `${margin}{`);
  else lines.push(margin + text);
}

function restyleQuery(text: string, margin: string, style: Style): string {
  const start = text.indexOf('[SELECT ');
  const end = text.indexOf(']', start);
  if (end < 0) return text;
  const query = text.slice(start + 1, end);
  const inner = margin + style.indent;
  // Only outside of literals: every second part of a split at quotes.
  const cased = (part: string): string =>
    style.isSoqlUpper
      ? part
      : outsideLiterals(part, (code) => code.replace(soqlWords, (word) => word.toLowerCase()));
  const isLong =
    query.length > 60 &&
    style.soqlLayout !== 'line' &&
    !query.includes('(SELECT') &&
    !/'[^']* (FROM|AND|LIMIT) [^']*'/.test(query);
  if (!isLong) return text.slice(0, start + 1) + cased(query) + text.slice(end);
  const clauses = query.split(soqlBreaks).map(cased);
  if (style.soqlLayout === 'hanging')
    return `${text.slice(0, start + 1)}${clauses.join(`\n${inner}`)}${text.slice(end)}`;
  return `${text.slice(0, start + 1)}\n${inner}${clauses.join(`\n${inner}`)}\n${margin}${text.slice(end)}`;
}

/** Applies `change` to code, not to what stands in quotes. */
export function outsideLiterals(code: string, change: (code: string) => string): string {
  return code
    .split(/('(?:[^'\\]|\\.)*')/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}
