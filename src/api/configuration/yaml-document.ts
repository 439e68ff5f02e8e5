/**
 * YAML text as plain values that remember where they stood.
 *
 * Hostile text is bounded here: size, aliases and nesting have limits, and whatever the parser throws
 * comes back as a located FILE-010. Nothing of the parser's types leaves this file.
 */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';
import { StowageError } from '../../domain/errors.js';

export const textBytesMax = 1024 * 1024;
/** Uses of anchors, counted as the values they multiply into. */
const aliasUsesMax = 1000;
/** Characters that separate values; bounds how many values the parser makes of hostile text. */
const separatorsMax = 50_000;
/** Brackets and indents inside one another; a configuration needs six. */
const nestingMax = 64;

/** A key or index on the way from the document's root to a value. */
export type PathSegment = string | number;

/** One YAML document: its value in plain objects, and the places of its parts. */
export interface LocatedDocument {
  readonly value: unknown;
  /** Offset of the value at `path`, or of the nearest thing above it that the file shows. */
  valueOffset(path: readonly PathSegment[]): number;
  /** Offset of the key that names the value at `path`. */
  keyOffset(path: readonly PathSegment[]): number;
  /** `file:line:column`, both from 1. */
  locate(offset: number): string;
}

export interface ParsedText {
  readonly documents: readonly LocatedDocument[];
  readonly errors: readonly StowageError[];
}

/** Takes text apart; documents that hold nothing are left out. Never throws. */
export function parseYaml(text: string, file: string): ParsedText {
  if (text.length > textBytesMax || Buffer.byteLength(text) > textBytesMax) {
    return refusal(file, `the file is larger than ${textBytesMax} bytes`);
  }
  const separators = text.match(/[\n,:*&!'"]/g)?.length ?? 0;
  if (separators > separatorsMax) return refusal(file, 'the file holds too many values');
  const deep = tooDeepAt(text);
  if (deep !== null) {
    return refusal(file, `values are nested more than ${nestingMax} levels deep`, deep);
  }
  try {
    return parseBounded(text, file);
  } catch (thrown) {
    return refusal(file, thrown instanceof Error ? firstLine(thrown.message) : 'it cannot be read as YAML');
  }
}

function parseBounded(text: string, file: string): ParsedText {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error', // what it would warn of comes back in `warnings`
    merge: true,
    uniqueKeys: false, // the parser's own check takes quadratic time
  });
  const locate = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const documents: LocatedDocument[] = [];
  const errors: StowageError[] = [];
  for (const document of parsed) {
    const broken = [
      ...[...document.errors, ...document.warnings].map((error) => ({
        problem: firstLine(error.message),
        offset: error.pos[0],
      })),
      ...refusedKeys(document),
    ];
    for (const { problem, offset } of broken) errors.push(yamlError(file, problem, locate(offset)));
    if (broken.length > 0 || isEmpty(document)) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: aliasUsesMax });
      documents.push({ value, locate, ...offsets(document) });
    } catch (thrown) {
      const problem = thrown instanceof Error ? firstLine(thrown.message) : 'it cannot be resolved';
      errors.push(yamlError(file, problem, locate(document.contents?.range?.[0] ?? 0)));
    }
  }
  if (documents.length === 0 && errors.length === 0) return refusal(file, 'the file is empty');
  return { documents, errors };
}

function refusedKeys(document: Document): { problem: string; offset: number }[] {
  const found: { problem: string; offset: number }[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const pair of map.items) {
        const key = keyText(pair);
        if (seen.has(key) && key !== '<<') {
          found.push({
            problem: `the key \`${shortened(key)}\` is there twice`,
            offset: startOf(pair.key) ?? 0,
          });
        }
        if (key === '__proto__') {
          found.push({ problem: 'the key `__proto__` is not allowed', offset: startOf(pair.key) ?? 0 });
        }
        seen.add(key);
      }
    },
  });
  return found;
}

function keyText(pair: Pair): string {
  const key = isScalar(pair.key) ? pair.key.value : pair.key;
  return typeof key === 'symbol' ? '<<' : String(key); // the parser's merge key is a symbol
}

function shortened(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}

function isEmpty(document: Document): boolean {
  const contents = document.contents;
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
}

function refusal(file: string, problem: string, position?: { line: number; column: number }): ParsedText {
  const location = `${file}:${position?.line ?? 1}:${position?.column ?? 1}`;
  return { documents: [], errors: [yamlError(file, problem, location)] };
}

function yamlError(file: string, problem: string, location: string): StowageError {
  return StowageError.of('FILE-010', { file, problem }, { location });
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** Finds keys in linear time over all questions: each map is indexed once. */
function offsets(document: Document): Pick<LocatedDocument, 'valueOffset' | 'keyOffset'> {
  const indexes = new Map<YAMLMap, Map<string, Pair>>();
  const pairOf = (map: YAMLMap, key: string) => {
    let index = indexes.get(map);
    if (index === undefined) {
      index = new Map(map.items.map((pair) => [keyText(pair), pair]));
      indexes.set(map, index);
    }
    return index.get(key);
  };
  const find = (path: readonly PathSegment[], wanted: 'key' | 'value') => {
    let node = resolved(document.contents, document);
    let offset = node?.range?.[0] ?? 0;
    for (const [depth, segment] of path.entries()) {
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = pairOf(node, String(segment));
        if (pair === undefined) return offset;
        const valueStart = last && wanted === 'value' ? startOf(pair.value) : null;
        offset = valueStart ?? startOf(pair.key) ?? offset;
        node = resolved(pair.value, document);
      } else if (isSeq(node)) {
        const item = node.items[Number(segment)];
        offset = startOf(item) ?? offset;
        node = resolved(item, document);
      } else return offset;
    }
    return offset;
  };
  return {
    valueOffset: (path) => find(path, 'value'),
    keyOffset: (path) => find(path, 'key'),
  };
}

function startOf(node: unknown): number | null {
  if (!isNode(node)) return null;
  // An empty value stands behind its key's colon; its key is the better place to show.
  if (isScalar(node) && node.source === '' && node.type === 'PLAIN') return null;
  return node.range?.[0] ?? null;
}

function resolved(node: unknown, document: Document): Node | null {
  if (isAlias(node)) return (node as Alias).resolve(document) ?? null;
  return isNode(node) ? node : null;
}

/**
 * The place where nesting exceeds the limit, or null. Counts brackets and leading indents by text alone,
 * before the recursive parser sees them: brackets inside strings count too, which no real file notices
 * because they close again.
 */
function tooDeepAt(text: string): { line: number; column: number } | null {
  let brackets = 0;
  let line = 1;
  let lineStart = 0;
  let leading = true;
  let dashes = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '\n') {
      line += 1;
      lineStart = index + 1;
      leading = true;
      dashes = 0;
      continue;
    }
    if (character === '[' || character === '{') brackets += 1;
    else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
    else if (leading && (character === '-' || character === '?' || character === ':')) dashes += 1;
    if (character !== ' ' && character !== '-' && character !== '?' && character !== ':') leading = false;
    const indentTooDeep = leading && index - lineStart > nestingMax * 8;
    if (brackets > nestingMax || dashes > nestingMax || indentTooDeep) {
      return { line, column: index - lineStart + 1 };
    }
  }
  return null;
}
