/**
 * What zod found wrong, as sentences people can act on: FILE-011 for keys nobody knows, FILE-012 for
 * values. What a value must be is read from the JSON Schema at its path, so a sentence cannot drift from
 * the check.
 */
import type { z } from 'zod';
import { StowageError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { endpointJsonSchema } from './schema.js';
import type { JsonSchema } from './schema.js';
import { componentSchema } from './schema-component.js';
import { nameRule } from './schema-parts.js';
import type { LocatedDocument, PathSegment } from './yaml-document.js';

/** A problem that is found but not yet worded; wording every one of a hostile file would take long. */
export interface Finding {
  readonly offset: number;
  word(): StowageError;
}

type Issue = z.core.$ZodIssue;

/** The issues of one document, each with its place. */
export function findingsOfIssues(issues: readonly Issue[], document: LocatedDocument): Finding[] {
  const schema = endpointJsonSchema();
  return issues.flatMap((issue) => findingsOf(issue, [], document, schema));
}

/** A FILE-012 for something only the meaning shows, at the value of `path` or at the key that names it. */
export function meaningFinding(
  document: LocatedDocument,
  path: readonly PathSegment[],
  problem: string,
  suggestion: string,
  place: 'value' | 'key' = 'value',
): Finding {
  const offset = place === 'value' ? document.valueOffset(path) : document.keyOffset(path);
  return {
    offset,
    word: () =>
      StowageError.of(
        'FILE-012',
        { key: pathText(path), problem, suggestion },
        { location: document.locate(offset) },
      ),
  };
}

function findingsOf(
  issue: Issue,
  base: readonly PathSegment[],
  document: LocatedDocument,
  schema: JsonSchema,
): Finding[] {
  const path = [...base, ...issue.path.map(segmentOf)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, document, schema));
    case 'invalid_key':
      return [badName(path, document, schema), ...inComponent(path, document, schema)];
    case 'invalid_union': {
      const branch = issue.errors.find((errors) => errors.some((error) => !isWrongKind(error)));
      if (branch === undefined) return [badValue(path, document, schema)];
      return branch.flatMap((inner) => findingsOf(inner, path, document, schema));
    }
    case 'custom': {
      const [example] = schemaAt(schema, path)?.examples ?? [];
      const suggestion = example === undefined ? 'correct it' : `such as ${JSON.stringify(example)}`;
      return [meaningFinding(document, path, `is refused: ${issue.message}`, suggestion)];
    }
    default:
      return [badValue(path, document, schema)];
  }
}

/** zod does not look behind a bad name; the reader wants to know all the same. */
function inComponent(path: readonly PathSegment[], document: LocatedDocument, schema: JsonSchema): Finding[] {
  if (path.length !== 2 || path[0] !== 'components') return [];
  const checked = componentSchema.safeParse(valueAt(document.value, path));
  return checked.success
    ? []
    : checked.error.issues.flatMap((issue) => findingsOf(issue, path, document, schema));
}

function isWrongKind(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === 'invalid_type' && issue.expected !== 'int';
}

function unknownKey(
  key: string,
  path: readonly PathSegment[],
  document: LocatedDocument,
  schema: JsonSchema,
): Finding {
  const offset = document.keyOffset([...path, key]);
  return {
    offset,
    word() {
      const known = Object.keys(objectForm(schemaAt(schema, path))?.properties ?? {});
      const meant = meantKey(key, known);
      const elsewhere = meant === null ? homeOf(key, schema) : null;
      const suggestion =
        meant !== null
          ? `did you mean \`${meant}\`?`
          : elsewhere !== null
            ? `move it under \`${elsewhere}\``
            : `known here: ${known.map((name) => `\`${name}\``).join(', ')}`;
      return StowageError.of(
        'FILE-011',
        { key: shown(key), suggestion },
        { location: document.locate(offset) },
      );
    },
  };
}

/** What people who come from other servers write for it. */
const otherWords: Readonly<Record<string, string>> = {
  batch_size: 'max_rolling_batch_size',
  chat_template: 'prompt_template',
  context_length: 'max_model_len',
  ctx_size: 'max_model_len',
  deployment: 'rollout',
  file: 'model',
  gpu: 'accelerators',
  gpu_layers: 'n_gpu_layers',
  gpus: 'accelerators',
  max_num_seqs: 'max_rolling_batch_size',
  max_tokens: 'max_new_tokens',
  n_ctx: 'max_model_len',
  name: 'endpoint',
  path: 'model',
  replica: 'copies',
  replicas: 'copies',
  template: 'prompt_template',
  timeout: 'predict_timeout',
  uri: 'model',
  url: 'model',
  vram: 'acceleratorMemory',
};

function meantKey(key: string, known: readonly string[]): string | null {
  const near = nearest(key, known);
  if (near !== null) return near;
  const word = Object.hasOwn(otherWords, key.toLowerCase()) ? otherWords[key.toLowerCase()] : undefined;
  return word !== undefined && known.includes(word) ? word : null;
}

function badName(path: readonly PathSegment[], document: LocatedDocument, schema: JsonSchema): Finding {
  const offset = document.keyOffset(path);
  return {
    offset,
    word() {
      const rule =
        schemaAt(schema, path.slice(0, -1))?.propertyNames?.patternErrorMessage ?? 'a shorter name';
      const proposal = properName(String(path.at(-1)));
      return StowageError.of(
        'FILE-012',
        {
          key: pathText(path.slice(0, -1)),
          problem: `\`${shown(path.at(-1))}\` cannot be a name: expected ${rule}`,
          suggestion: proposal === null ? `use ${rule}` : `name it \`${proposal}\``,
        },
        { location: document.locate(offset) },
      );
    },
  };
}

function badValue(path: readonly PathSegment[], document: LocatedDocument, schema: JsonSchema): Finding {
  const value = valueAt(document.value, path);
  const offset = value === undefined ? document.keyOffset(path) : document.valueOffset(path);
  return {
    offset,
    word() {
      const wanted = schemaAt(schema, path) ?? {};
      const expected = expectedText(wanted);
      const problem =
        value === undefined
          ? `is missing: expected ${expected}`
          : `expected ${expected}, found ${found(value)}`;
      return StowageError.of(
        'FILE-012',
        { key: pathText(path), problem, suggestion: suggestionFor(path, wanted, value) },
        { location: document.locate(offset) },
      );
    },
  };
}

function suggestionFor(path: readonly PathSegment[], wanted: JsonSchema, value: unknown): string {
  const key = String(path.at(-1) ?? '');
  const words = [wanted, ...(wanted.anyOf ?? [])].flatMap((form) => form.enum ?? []).map(String);
  const meant = typeof value === 'string' ? nearest(value, words) : null;
  if (meant !== null) return `did you mean \`${meant}\`?`;
  const isWord = typeof value === 'string' || typeof value === 'number';
  const name = wanted.patternErrorMessage === nameRule && isWord ? properName(String(value)) : null;
  if (name !== null) return `write \`${key}: ${JSON.stringify(name)}\``;
  if (typeof value === 'string' && wanted.type === 'boolean' && /^(yes|on|no|off)$/i.test(value)) {
    return `write \`${key}: ${/^(yes|on)$/i.test(value)}\``;
  }
  if (path.length === 0) return 'begin with `endpoint: NAME`, then `components:`';
  const example = wanted.examples?.[0] ?? (typeof wanted.default === 'object' ? undefined : wanted.default);
  if (typeof example === 'object') return `write \`${key}: ${JSON.stringify(example)}\``;
  if (example !== undefined) return `write \`${key}: ${String(example)}\``;
  return value === undefined ? `add \`${key}:\`` : `correct \`${key}\``;
}

/** A value's rule in words: `a whole number from 1 to 256`. */
function expectedText(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectedText).join(' or ');
  if (schema.enum !== undefined) return alternatives(schema.enum.map((value) => `\`${String(value)}\``));
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  switch (schema.type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return `a number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return `a text of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
    case 'array':
      return `a list of ${schema.minItems ?? 0} to ${schema.maxItems} entries`;
    default: {
      const keys = Object.keys(schema.properties ?? {});
      return keys.length === 0
        ? 'keys with values'
        : `the keys ${keys.map((key) => `\`${key}\``).join(', ')}`;
    }
  }
}

function found(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `\`${shown(value)}\``;
  if (typeof value === 'object') return 'keys with values';
  return `\`${shown(value)}\``;
}

/** A short, printable rendering of something a stranger wrote. */
function shown(value: unknown): string {
  const text = String(value).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\u00b7');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function pathText(path: readonly PathSegment[]): string {
  return path.length === 0 ? 'the document' : path.map(shown).join('.');
}

function properName(text: string): string | null {
  const name = text
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return name === '' ? null : name;
}

function segmentOf(segment: PropertyKey): PathSegment {
  return typeof segment === 'number' ? segment : String(segment);
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current: unknown = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<PathSegment, unknown>)[segment];
  }
  return current;
}

function objectForm(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.anyOf?.find((branch) => branch.type === 'object') ?? schema;
}

function schemaAt(schema: JsonSchema, path: readonly PathSegment[]): JsonSchema | undefined {
  let current: JsonSchema | undefined = schema;
  for (const segment of path) {
    const form: JsonSchema | undefined = objectForm(current);
    if (typeof segment === 'number') {
      current = form?.items;
      continue;
    }
    const properties: Readonly<Record<string, JsonSchema>> = form?.properties ?? {};
    const additional: boolean | JsonSchema | undefined = form?.additionalProperties;
    current = Object.hasOwn(properties, segment)
      ? properties[segment]
      : typeof additional === 'object'
        ? additional
        : undefined;
  }
  return current;
}

/** Where a key that is in the wrong place belongs: the path of the object that knows it. */
function homeOf(key: string, schema: JsonSchema, path = ''): string | null {
  const form = objectForm(schema);
  for (const [name, child] of Object.entries(form?.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`;
    if (Object.hasOwn(objectForm(child)?.properties ?? {}, key)) return here;
    const deeper = homeOf(key, child, here);
    if (deeper !== null) return deeper;
  }
  const additional = form?.additionalProperties;
  if (typeof additional !== 'object') return null;
  const here = `${path}.NAME`;
  return Object.hasOwn(additional.properties ?? {}, key) ? here : homeOf(key, additional, here);
}

/** `a`, `b` or `c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
