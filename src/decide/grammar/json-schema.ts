/**
 * JSON Schema → grammar. Whatever the grammar lets through is an instance of the schema; not every instance can be
 * written. The freedom that is not used: properties come in the schema's order; where `additionalProperties` is absent
 * none are written; `prefixItems` are all written; numbers have at most 16 digits; `oneOf` is taken as `anyOf`.
 *
 * Keywords that restrict values and are not done here are problems by name; annotations and unknown words are ignored,
 * as JSON Schema says.
 */
import { literal } from './code-points.js';
import {
  choice,
  empty,
  type Expression,
  type Grammar,
  GrammarProblem,
  nestingMax,
  optional,
  repeat,
  rule,
  sequence,
  sequenceOf,
} from './expression.js';
import { type JsonObject, SchemaReader } from './schema-reader.js';
import {
  integer,
  jsonLiteral,
  jsonRules,
  number,
  numbersBetween,
  quote,
  stringOfLength,
  writeInString,
  colon,
  comma,
  otherKey,
  wrapped,
} from './json-values.js';
import { integersBetween } from './integer-range.js';
import { parseRegex } from './parse-regex.js';
import { formats } from './string-formats.js';

const rootName = 'root';
const propertiesMax = 1000;
const literalsMax = 2000;
/** Schemas that are read, those that a reference leads to counted as often as they are written out. */
const schemasMax = 20_000;

/** The grammar of any JSON object. */
export function anyObjectGrammar(): Grammar {
  return { rules: jsonRules({ areLinesAllowed: true }), root: 'object' };
}

/** Throws GrammarProblem. `text`: the schema as JSON. */
export function schemaGrammar(text: string): Grammar {
  const rules = jsonRules({ areLinesAllowed: false });
  rules.set(rootName, schemaExpression(text, rules, ''));
  return { rules, root: rootName };
}

/** The same as an expression over `rules`, which has those of `jsonRules`; names of new rules begin with the prefix. */
export function schemaExpression(text: string, rules: Map<string, Expression>, prefix: string): Expression {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new GrammarProblem(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return new SchemaCompiler(new SchemaReader(schema), rules, prefix).compile(schema, 0);
}

class SchemaCompiler {
  private readonly references = new Map<string, string>();
  private ruleCount = 0;
  private schemaCount = 0;

  constructor(
    private readonly reader: SchemaReader,
    private readonly rules: Map<string, Expression>,
    private readonly prefix: string,
  ) {}

  compile(schema: unknown, depth: number): Expression {
    if (depth > nestingMax) throw new GrammarProblem(`nests more than ${nestingMax} schemas`);
    this.schemaCount += 1;
    if (this.schemaCount > schemasMax) throw new GrammarProblem(`has more than ${schemasMax} schemas in it`);
    if (schema === true) return rule('value');
    const object = this.reader.read(schema);
    if (object['$ref'] !== undefined) return this.reference(object, depth);
    const values = this.reader.values(object);
    if (values !== null) return this.literals(values);
    if (object['allOf'] !== undefined) return this.compile(this.reader.merged(object), depth + 1);
    for (const field of ['anyOf', 'oneOf']) {
      if (object[field] !== undefined) {
        return choice(this.reader.options(object, field).map((option) => this.compile(option, depth + 1)));
      }
    }
    const types = this.reader.types(object);
    return types.length === 0 ? rule('value') : choice(types.map((type) => this.ofType(type, object, depth)));
  }

  private ofType(type: string, object: JsonObject, depth: number): Expression {
    switch (type) {
      case 'object':
        return this.object(object, depth);
      case 'array':
        return this.array(object, depth);
      case 'string':
        return this.string(object);
      case 'integer':
      case 'number':
        return this.number(object, type === 'integer');
      case 'boolean':
        return choice([literal('true'), literal('false')]);
      case 'null':
        return literal('null');
      default:
        throw new GrammarProblem(`has the type \`${type}\`, which is none of JSON's`);
    }
  }

  private reference(object: JsonObject, depth: number): Expression {
    const pointer = this.reader.pointer(object);
    const known = this.references.get(pointer);
    if (known !== undefined) return rule(known);
    const name = this.newName();
    this.references.set(pointer, name);
    this.rules.set(name, this.compile(this.reader.resolve(pointer), depth + 1));
    return rule(name);
  }

  private literals(values: readonly unknown[]): Expression {
    if (values.length === 0) throw new GrammarProblem('has an `enum` that allows nothing');
    if (values.length > literalsMax)
      throw new GrammarProblem(`has more than ${literalsMax} values in an \`enum\``);
    return choice(values.map(jsonLiteral));
  }

  private string(object: JsonObject): Expression {
    const { minLength, maxLength } = this.reader.bounds(object, 'minLength', 'maxLength');
    const format = object['format'];
    const own = object['pattern'];
    const pattern = own ?? (typeof format === 'string' ? formats.get(format) : undefined);
    if (own === undefined && format !== undefined && pattern === undefined) {
      throw new GrammarProblem(`has the format ${JSON.stringify(format)}, which is not done here`);
    }
    if (pattern === undefined) return stringOfLength(minLength, maxLength);
    if (typeof pattern !== 'string') throw new GrammarProblem('has a `pattern` that is no string');
    if (minLength !== 0 || maxLength !== null) {
      throw new GrammarProblem('has a length beside a `pattern` or `format`, which is not done here');
    }
    const parsed = parseRegex(pattern, writeInString);
    const anything = repeat(rule('character'), 0, null);
    const before = parsed.isAnchoredAtStart ? empty : anything;
    const after = parsed.isAnchoredAtEnd ? empty : anything;
    return sequence(quote, before, parsed.expression, after, quote);
  }

  private number(object: JsonObject, isInteger: boolean): Expression {
    const range = this.reader.range(object);
    if (range === null) return isInteger ? integer : number;
    const { min, max, isMinIncluded, isMaxIncluded } = range;
    if (!isInteger) return numbersBetween(min, max, { isMinIncluded, isMaxIncluded });
    return integersBetween(isMinIncluded ? min : min + 1, isMaxIncluded ? max : max - 1);
  }

  private array(object: JsonObject, depth: number): Expression {
    const { minItems, maxItems } = this.reader.bounds(object, 'minItems', 'maxItems');
    const first = object['prefixItems'] === undefined ? [] : this.reader.list(object, 'prefixItems');
    if (maxItems !== null && maxItems < first.length) {
      throw new GrammarProblem('has more `prefixItems` than `maxItems`');
    }
    const parts = first.map((item, index) => {
      const written = this.compile(item, depth + 1);
      return index === 0 ? written : sequence(comma, written);
    });
    const items = object['items'] ?? true;
    const min = Math.max(0, minItems - first.length);
    const max = items === false ? 0 : maxItems === null ? null : maxItems - first.length;
    if (max !== null && min > max) throw new GrammarProblem('has more `minItems` than it lets items be');
    if (max !== 0) {
      const item = this.asRule(this.compile(items, depth + 1));
      parts.push(first.length > 0 ? repeat(sequence(comma, item), min, max) : list(item, min, max));
    }
    return wrapped('[', sequenceOf(parts), ']');
  }

  private object(object: JsonObject, depth: number): Expression {
    const { properties, required, additional } = this.reader.members(object);
    if (properties.size > propertiesMax)
      throw new GrammarProblem(`has more than ${propertiesMax} properties`);
    const members = [...properties].map(([name, schema]) => ({
      isRequired: required.has(name),
      written: this.asRule(sequence(jsonLiteral(name), colon, this.compile(schema, depth + 1))),
    }));
    const extra =
      additional === false
        ? null
        : this.asRule(sequence(otherKey([...properties.keys()]), colon, this.compile(additional, depth + 1)));
    const more = (of: Expression): Expression => repeat(sequence(comma, of), 0, null);
    // From the last property on: what may follow when nothing, and when something, stands before.
    let afterNothing = extra === null ? empty : optional(sequence(extra, more(extra)));
    let afterSome = extra === null ? empty : more(extra);
    for (const { isRequired, written } of members.reverse()) {
      const first = sequence(written, afterSome);
      const next = sequence(comma, written, afterSome);
      afterNothing = this.asRule(isRequired ? first : choice([first, afterNothing]));
      afterSome = this.asRule(isRequired ? next : choice([next, afterSome]));
    }
    return wrapped('{', afterNothing, '}');
  }

  /** The same by name, so that using it twice costs nothing. */
  private asRule(expression: Expression): Expression {
    if (expression.kind === 'rule') return expression;
    const name = this.newName();
    this.rules.set(name, expression);
    return rule(name);
  }

  private newName(): string {
    this.ruleCount += 1;
    return `${this.prefix}#${this.ruleCount}`;
  }
}

/** `min` to `max` of them, with commas between. */
function list(item: Expression, min: number, max: number | null): Expression {
  const some = sequence(
    item,
    repeat(sequence(comma, item), Math.max(0, min - 1), max === null ? null : max - 1),
  );
  return min === 0 ? optional(some) : some;
}
