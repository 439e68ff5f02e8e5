/**
 * The texts of SEARCH: `{Namespace,Dimension,…} MetricName="…" (a OR b) NOT c`. A word matches a part of any name or
 * value (words as camel case and punctuation divide them), a quoted one a whole name or value, `Property=` only that
 * property. Words beside each other are joined by AND.
 */
import type { MetricIdentity } from '../../domain/metric.js';
import { ExpressionProblem } from './expression.js';

/** Nesting of parentheses. */
const depthMax = 8;
/** Texts whose words are remembered while a search goes on. */
const wordsMax = 1_000;

export type MetricFilter = (metric: MetricIdentity) => boolean;

export interface SearchQuery {
  /** Null = any. */
  readonly namespace: string | null;
  readonly matches: MetricFilter;
  /** How many texts are looked for in each metric; 1 or more. */
  readonly terms: number;
}

/** Throws `ExpressionProblem`. */
export function parseSearch(text: string): SearchQuery {
  const match = /^\s*\{([^}]*)\}(.*)$/s.exec(text);
  const read = new Terms(match?.[2] ?? text);
  const count = Math.max(1, read.count);
  const terms = read.all();
  if (match === null) return { namespace: null, matches: terms, terms: count };
  const [namespace = '', ...names] = (match[1] ?? '').split(',').map((part) => unquoted(part.trim()));
  const wanted = names.sort().join('\n');
  return {
    namespace,
    terms: count,
    matches: (metric) =>
      metric.namespace === namespace &&
      metric.dimensions
        .map(({ name }) => name)
        .sort()
        .join('\n') === wanted &&
      terms(metric),
  };
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}

const termPattern = /\s*(?:([()])|(?:([A-Za-z][\w.]*)\s*=\s*)?(?:"([^"]*)"|([^\s()"=]+)|(?=\()))/y;

type TermToken =
  { readonly sign: '(' | ')' } | { readonly property: string | null; readonly value: TermValue };
type TermValue = { readonly text: string; readonly isExact: boolean } | null;

class Terms {
  private readonly tokens: TermToken[] = [];
  private readonly words = new Map<string, readonly string[]>();
  private at = 0;

  constructor(text: string) {
    termPattern.lastIndex = 0;
    const end = text.trimEnd().length;
    while (termPattern.lastIndex < end) {
      const match = termPattern.exec(text);
      if (match === null || match[0] === '') throw new ExpressionProblem('its search text cannot be read');
      const [, sign, property = null, exact, word] = match;
      if (sign === '(' || sign === ')') this.tokens.push({ sign });
      else {
        const found = exact ?? word;
        const value = found === undefined ? null : { text: found, isExact: exact !== undefined };
        this.tokens.push({ property, value });
      }
    }
  }

  get count(): number {
    return this.tokens.length;
  }

  /** An empty text matches everything. */
  all(): MetricFilter {
    if (this.tokens.length === 0) return () => true;
    const filter = this.either(null, 0);
    if (this.at < this.tokens.length) throw new ExpressionProblem('its search text has a ")" too many');
    return filter;
  }

  private either(property: string | null, depth: number): MetricFilter {
    if (depth > depthMax) throw new ExpressionProblem(`its search text is nested deeper than ${depthMax}`);
    const filters = [this.both(property, depth)];
    while (this.takeWord('OR')) filters.push(this.both(property, depth));
    return (metric) => filters.some((filter) => filter(metric));
  }

  private both(property: string | null, depth: number): MetricFilter {
    const filters: MetricFilter[] = [];
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (('sign' in token && token.sign === ')') || isWord(token, 'OR')) break;
      if (filters.length > 0) this.takeWord('AND');
      filters.push(this.one(property, depth));
    }
    if (filters.length === 0)
      throw new ExpressionProblem('its search text has nothing where a word should be');
    return (metric) => filters.every((filter) => filter(metric));
  }

  private one(property: string | null, depth: number): MetricFilter {
    if (this.takeWord('NOT')) {
      const filter = this.one(property, depth);
      return (metric) => !filter(metric);
    }
    const token = this.tokens[this.at++];
    if (token === undefined) throw new ExpressionProblem('its search text ends too early');
    if (isWord(token, 'AND') || isWord(token, 'OR') || ('sign' in token && token.sign === ')')) {
      throw new ExpressionProblem('its search text has nothing where a word should be');
    }
    if ('sign' in token) return this.group(property, depth);
    if (token.value !== null) return this.term(token.property ?? property, token.value);
    this.at++; // the "(" after `Property=`
    return this.group(token.property, depth);
  }

  private group(property: string | null, depth: number): MetricFilter {
    const filter = this.either(property, depth + 1);
    const token = this.tokens[this.at++];
    if (token === undefined || !('sign' in token)) throw new ExpressionProblem('a ")" is missing');
    return filter;
  }

  private term(property: string | null, { text: wanted, isExact }: NonNullable<TermValue>): MetricFilter {
    if (isExact) return (metric) => textsOf(metric, property).includes(wanted);
    const parts = wordsOf(wanted);
    return (metric) => textsOf(metric, property).some((text) => containsWords(this.wordsIn(text), parts));
  }

  /** Of texts that are looked through again: for another word, or as they are of the next metric, too. */
  private wordsIn(text: string): readonly string[] {
    let words = this.words.get(text);
    if (words === undefined) {
      if (this.words.size >= wordsMax) this.words.clear();
      this.words.set(text, (words = wordsOf(text)));
    }
    return words;
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || !isWord(token, word)) return false;
    this.at++;
    return true;
  }
}

function isWord(token: TermToken, word: string): boolean {
  if ('sign' in token || token.property !== null || token.value === null) return false;
  return !token.value.isExact && token.value.text === word;
}

/** What a term may match: one property, or all names and values there are. */
function textsOf(metric: MetricIdentity, property: string | null): readonly string[] {
  const { namespace, metricName, dimensions } = metric;
  if (property === 'Namespace') return [namespace];
  if (property === 'MetricName') return [metricName];
  if (property !== null) return dimensions.flatMap(({ name, value }) => (name === property ? [value] : []));
  return [namespace, metricName, ...dimensions.flatMap(({ name, value }) => [name, value])];
}

function wordsOf(text: string): readonly string[] {
  const words = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\s\w]/g) ?? [];
  return [text, ...words].map((word) => word.toLowerCase());
}

/** All of them, or the whole at once. */
function containsWords(words: readonly string[], [whole = '', ...parts]: readonly string[]): boolean {
  if (words.includes(whole)) return true;
  return parts.length > 0 && parts.every((part) => words.includes(part));
}
