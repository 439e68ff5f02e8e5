/**
 * What shape an answer must have, as JSON bodies say it: OpenAI's `response_format`, vLLM's `guided_json`, `guided_regex`,
 * `guided_choice`, `guided_grammar`, and the same four in `structured_outputs`. At most one of them.
 *
 * Only the outside is looked at here, and that a schema is JSON: whether a schema, pattern or grammar makes sense is found
 * by the worker.
 */
import type { Constraint } from '../../domain/inference.js';
import { Fields, isObject, unsupportedField } from './fields.js';

/** Characters of a schema, pattern or grammar, or of all choices together. */
const charactersMax = 128 * 1024;
const choicesMax = 1000;

const guided: readonly (readonly [field: string, read: (fields: Fields, field: string) => Constraint])[] = [
  ['guided_json', schemaOf],
  ['guided_regex', patternOf],
  ['guided_choice', choicesOf],
  ['guided_grammar', grammarOf],
];

/** Names within `structured_outputs`. */
const structured: readonly (readonly [field: string, read: (fields: Fields, field: string) => Constraint])[] =
  [
    ['json', schemaOf],
    ['regex', patternOf],
    ['choice', choicesOf],
    ['grammar', grammarOf],
  ];

/** What else programs of others take there; it means nothing here, or is refused by name. */
const structuredBesides = [
  'json_object',
  'structural_tag',
  'whitespace_pattern',
  'disable_fallback',
  'disable_any_whitespace',
  'disable_additional_properties',
];
const structuredFields: readonly string[] = [...structured.map(([field]) => field), ...structuredBesides];

/** The constraint, or null. Throws REQ-210 for more than one, and REQ-212 for a kind that is not done. */
export function constraintOf(fields: Fields): Constraint | null {
  const found: Constraint[] = [];
  const format = formatOf(fields);
  if (format !== null) found.push(format);
  for (const [field, read] of guided) if (isGiven(fields, field)) found.push(read(fields, field));
  const outputs = fields.get('structured_outputs');
  if (outputs !== undefined) {
    if (!isObject(outputs)) throw fields.bad('structured_outputs', 'must be an object');
    const unknown = Object.keys(outputs).find((field) => !structuredFields.includes(field));
    if (unknown !== undefined) {
      const known = structured.map(([field]) => field).join(', ');
      throw fields.bad(
        'structured_outputs',
        `has the unknown field \`${unknown.slice(0, 40)}\`; known are ${known}`,
      );
    }
    found.push(...structuredOf(new Fields(outputs, fields.path('structured_outputs.'))));
  }
  const [first, second] = found;
  if (first === undefined) return null;
  if (second === undefined) return first;
  throw fields.bad(
    second.field.slice(fields.prefix.length),
    `cannot stand beside \`${first.field}\`: an answer has one shape`,
  );
}

/** Throws REQ-212 for a constrained answer that shall go on past its end. */
export function refuseEndless(
  fields: Fields,
  constraint: Constraint | null,
  endTokensIgnored: boolean,
): void {
  if (constraint === null || !endTokensIgnored) return;
  const problem = `not together with \`${constraint.field}\`, whose answers end where their shape is complete`;
  throw unsupportedField(fields.path('ignore_eos'), problem);
}

/** Empty values ask for nothing, as in the programs that the fields are from. */
function isGiven(fields: Fields, field: string): boolean {
  const value = fields.get(field);
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function structuredOf(fields: Fields): readonly Constraint[] {
  const found = structured
    .filter(([field]) => isGiven(fields, field))
    .map(([field, read]) => read(fields, field));
  if (fields.boolean('json_object') === true)
    found.push({ kind: 'json-object', field: fields.path('json_object') });
  for (const field of ['structural_tag', 'whitespace_pattern']) {
    if (isGiven(fields, field)) throw unsupportedField(fields.path(field), 'this is not done here');
  }
  return found;
}

function formatOf(fields: Fields): Constraint | null {
  const format = fields.get('response_format');
  if (format === undefined) return null;
  if (!isObject(format)) throw fields.bad('response_format', 'must be an object');
  const inside = new Fields(format, fields.path('response_format.'));
  switch (inside.text('type')) {
    case 'text':
      return null;
    case 'json_object':
      return { kind: 'json-object', field: fields.path('response_format') };
    case 'json_schema': {
      const described = inside.get('json_schema');
      if (!isObject(described)) throw inside.bad('json_schema', 'must be an object with a `schema`');
      return schemaOf(new Fields(described, inside.path('json_schema.')), 'schema');
    }
    default:
      throw unsupportedField(inside.path('type'), 'it is text, json_object or json_schema here');
  }
}

/** A schema as an object, or as JSON text. */
function schemaOf(fields: Fields, field: string): Constraint {
  const value = fields.get(field);
  const schema = typeof value === 'string' ? bounded(fields, field, value) : textOf(fields, field, value);
  const parsed = typeof value === 'string' ? parsedOf(fields, field, value) : value;
  if (!isObject(parsed) && typeof parsed !== 'boolean') throw fields.bad(field, 'must be a JSON Schema');
  return { kind: 'json-schema', schema: bounded(fields, field, schema), field: fields.path(field) };
}

function parsedOf(fields: Fields, field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fields.bad(field, `is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function textOf(fields: Fields, field: string, value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    throw fields.bad(field, 'is nested too deeply');
  }
}

function patternOf(fields: Fields, field: string): Constraint {
  const pattern = bounded(fields, field, fields.text(field) ?? '');
  return { kind: 'regex', pattern, field: fields.path(field) };
}

function grammarOf(fields: Fields, field: string): Constraint {
  const grammar = bounded(fields, field, fields.text(field) ?? '');
  return { kind: 'grammar', grammar, field: fields.path(field) };
}

function choicesOf(fields: Fields, field: string): Constraint {
  const value = fields.get(field);
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string' && entry !== '')) {
    throw fields.bad(field, 'must be a list of strings that are not empty');
  }
  if (value.length > choicesMax) throw fields.bad(field, `must have at most ${choicesMax} entries`);
  bounded(fields, field, value.join(''));
  return { kind: 'choice', choices: value as readonly string[], field: fields.path(field) };
}

function bounded(fields: Fields, field: string, text: string): string {
  if (text.length <= charactersMax) return text;
  throw fields.bad(field, `must have at most ${charactersMax} characters`);
}
