/** Reads the keywords of a JSON Schema; what is malformed or not done here is a GrammarProblem that names it. */
import { GrammarProblem, nestingMax, repetitionsMax } from './expression.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Keywords that restrict values and are not done → values that restrict nothing. */
const notDone: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['not', []],
  ['if', []],
  ['then', []],
  ['else', []],
  ['patternProperties', []],
  ['propertyNames', []],
  ['minProperties', [0]],
  ['maxProperties', []],
  ['dependentRequired', []],
  ['dependentSchemas', []],
  ['dependencies', []],
  ['uniqueItems', [false]],
  ['contains', []],
  ['multipleOf', []],
  ['additionalItems', [false]],
  ['unevaluatedProperties', [false]],
  ['unevaluatedItems', [false]],
  ['$dynamicRef', []],
  ['$recursiveRef', []],
  ['nullable', [false]],
]);

/** Keywords → the type that they speak of. */
const typeOfKeyword: readonly (readonly [keyword: string, type: string])[] = [
  ['properties', 'object'],
  ['required', 'object'],
  ['additionalProperties', 'object'],
  ['items', 'array'],
  ['prefixItems', 'array'],
  ['minItems', 'array'],
  ['maxItems', 'array'],
  ['pattern', 'string'],
  ['format', 'string'],
  ['minLength', 'string'],
  ['maxLength', 'string'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['exclusiveMinimum', 'number'],
  ['exclusiveMaximum', 'number'],
];

const annotations: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** What a bound that is not given is taken for: numbers have at most 15 digits then. */
const boundMax = 999_999_999_999_999;

export class SchemaReader {
  constructor(private readonly root: unknown) {}

  /** A schema that is an object, with nothing in it that is not done. */
  read(schema: unknown): JsonObject {
    if (schema === false) throw new GrammarProblem('has a schema that allows nothing');
    const object = asObject(schema, 'a schema');
    for (const keyword in object) {
      const neutral = notDone.get(keyword);
      if (neutral === undefined || neutral.includes(object[keyword])) continue;
      throw new GrammarProblem(`has the keyword \`${keyword}\`, which is not done here`);
    }
    return object;
  }

  list(object: JsonObject, keyword: string): readonly unknown[] {
    const value = object[keyword];
    if (!Array.isArray(value)) throw new GrammarProblem(`has \`${keyword}\` that is no list`);
    return value;
  }

  /** The values of `const` or `enum` that are of the right type; null when there is neither. */
  values(object: JsonObject): readonly unknown[] | null {
    const isConstant = Object.hasOwn(object, 'const');
    if (!isConstant && object['enum'] === undefined) return null;
    const beside = Object.keys(object).find((keyword) => !isBesideValues(keyword));
    if (beside !== undefined) {
      throw new GrammarProblem(`has \`${beside}\` beside \`enum\` or \`const\`, which is not done here`);
    }
    const values = isConstant ? [object['const']] : this.list(object, 'enum');
    if (object['type'] === undefined) return values;
    const types = this.types(object);
    return values.filter((value) => types.some((type) => isOfType(value, type)));
  }

  /** What `type` says, or what the other keywords speak of; none = anything. */
  types(object: JsonObject): readonly string[] {
    const { type } = object;
    if (typeof type === 'string') return [type];
    if (Array.isArray(type) && type.length > 0 && type.every((entry) => typeof entry === 'string'))
      return type;
    if (type !== undefined)
      throw new GrammarProblem('has a `type` that is neither a name nor a list of them');
    return [
      ...new Set(typeOfKeyword.filter(([keyword]) => object[keyword] !== undefined).map((row) => row[1])),
    ];
  }

  /** The pointer of `$ref`; beside it only annotations may stand. */
  pointer(object: JsonObject): string {
    const pointer = object['$ref'];
    if (typeof pointer !== 'string' || !/^#(\/|$)/.test(pointer)) {
      throw new GrammarProblem('has a `$ref` that is not `#` or `#/…`; others are not fetched');
    }
    const beside = Object.keys(object).find((keyword) => keyword !== '$ref' && !annotations.has(keyword));
    if (beside !== undefined)
      throw new GrammarProblem(`has \`${beside}\` beside a \`$ref\`, which is not done here`);
    return pointer;
  }

  /** What a pointer points to. */
  resolve(pointer: string): unknown {
    let found: unknown = this.root;
    for (const part of pointer.split('/').slice(1)) {
      const key = decodePart(part, pointer);
      const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, key);
      if (!isThere)
        throw new GrammarProblem(`has a \`$ref\` to ${JSON.stringify(pointer)}, where nothing is`);
      found = (found as Record<string, unknown>)[key];
    }
    return found;
  }

  /** The options of `anyOf` or `oneOf`, each with what stands beside it. */
  options(object: JsonObject, keyword: string): readonly unknown[] {
    const { [keyword]: _, ...beside } = object;
    const options = this.list(object, keyword);
    if (options.length === 0) throw new GrammarProblem(`has an empty \`${keyword}\``);
    const isBare = Object.keys(beside).every((key) => annotations.has(key));
    return isBare ? options : options.map((option) => this.merge([beside, option]));
  }

  /** `allOf` and what stands beside it as one schema. */
  merged(object: JsonObject): JsonObject {
    const { allOf: _, ...beside } = object;
    return this.merge([beside, ...this.list(object, 'allOf')]);
  }

  private merge(schemas: readonly unknown[]): JsonObject {
    const all: Record<string, unknown> = {};
    for (const schema of schemas) {
      for (const [keyword, value] of Object.entries(this.inlined(schema))) {
        const before = all[keyword];
        if (before === undefined || annotations.has(keyword)) all[keyword] = value;
        else if (keyword === 'properties') all[keyword] = joined(before, value);
        else if (keyword === 'required' && Array.isArray(before) && Array.isArray(value)) {
          all[keyword] = [...new Set([...(before as unknown[]), ...(value as unknown[])])];
        } else if (JSON.stringify(before) !== JSON.stringify(value)) {
          throw new GrammarProblem(
            `has \`${keyword}\` in two schemas that must both hold, which is not done here`,
          );
        }
      }
    }
    return all;
  }

  /** A schema, or what its `$ref` leads to. */
  private inlined(schema: unknown): JsonObject {
    let found = schema;
    for (let hops = 0; hops < nestingMax; hops += 1) {
      if (found === true) return {};
      const object = this.read(found);
      if (object['$ref'] === undefined) return object;
      found = this.resolve(this.pointer(object));
    }
    throw new GrammarProblem('has a `$ref` that leads to itself');
  }

  /** Two counts, the lower 0 and the upper null when they are not given. */
  bounds<Min extends string, Max extends string>(
    object: JsonObject,
    min: Min,
    max: Max,
  ): Record<Min, number> & Record<Max, number | null> {
    const low = count(object, min) ?? 0;
    const high = count(object, max);
    if (high !== null && low > high) throw new GrammarProblem(`has more \`${min}\` than \`${max}\``);
    return { [min]: low, [max]: high } as Record<Min, number> & Record<Max, number | null>;
  }

  /** The bounds of a number; null when there are none. */
  range(object: JsonObject): {
    readonly min: number;
    readonly max: number;
    readonly isMinIncluded: boolean;
    readonly isMaxIncluded: boolean;
  } | null {
    const minimum = whole(object, 'minimum');
    const maximum = whole(object, 'maximum');
    const above = whole(object, 'exclusiveMinimum');
    const below = whole(object, 'exclusiveMaximum');
    if ([minimum, maximum, above, below].every((bound) => bound === null)) return null;
    const min = Math.max(minimum ?? -Infinity, above ?? -Infinity);
    const max = Math.min(maximum ?? Infinity, below ?? Infinity);
    return {
      min: min === -Infinity ? Math.min(-boundMax, max) : min,
      max: max === Infinity ? Math.max(boundMax, min) : max,
      isMinIncluded: above === null || min > above,
      isMaxIncluded: below === null || max < below,
    };
  }

  /** The properties in their order, those that must be there, and the schema of others. */
  members(object: JsonObject): {
    readonly properties: ReadonlyMap<string, unknown>;
    readonly required: ReadonlySet<string>;
    readonly additional: unknown;
  } {
    const declared = object['properties'] === undefined ? {} : asObject(object['properties'], '`properties`');
    const required = object['required'] === undefined ? [] : this.list(object, 'required');
    const given = object['additionalProperties'];
    const properties = new Map(Object.entries(declared));
    for (const name of required) {
      if (typeof name !== 'string') throw new GrammarProblem('has `required` that is no list of names');
      if (properties.has(name)) continue;
      if (given === false) throw new GrammarProblem(`requires \`${name}\`, which it does not allow`);
      properties.set(name, given ?? true);
    }
    const additional = given ?? (object['properties'] === undefined && required.length === 0);
    return { properties, required: new Set(required as readonly string[]), additional };
  }
}

/** Unknown words may stand there, and words that restrict nothing. */
function isBesideValues(keyword: string): boolean {
  const restricts = ['anyOf', 'oneOf', 'allOf', '$ref', ...typeOfKeyword.map(([known]) => known)];
  return !restricts.includes(keyword);
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GrammarProblem(`has ${what} that is no object`);
  }
  return value as JsonObject;
}

function joined(a: unknown, b: unknown): JsonObject {
  const all: Record<string, unknown> = { ...asObject(a, '`properties`') };
  for (const [name, schema] of Object.entries(asObject(b, '`properties`'))) {
    if (Object.hasOwn(all, name) && JSON.stringify(all[name]) !== JSON.stringify(schema)) {
      throw new GrammarProblem(`has \`${name}\` in two schemas that must both hold, which is not done here`);
    }
    all[name] = schema;
  }
  return all;
}

function count(object: JsonObject, keyword: string): number | null {
  const value = object[keyword];
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= repetitionsMax)
    return value;
  throw new GrammarProblem(`needs \`${keyword}\` to be a whole number from 0 to ${repetitionsMax}`);
}

/** A whole bound, within what numbers can tell apart. */
function whole(object: JsonObject, keyword: string): number | null {
  const value = object[keyword];
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new GrammarProblem(`needs \`${keyword}\` to be a whole number, at most 2^53-1 from 0`);
  }
  return value;
}

function decodePart(part: string, pointer: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    throw new GrammarProblem(`has a \`$ref\` ${JSON.stringify(pointer)} that cannot be read`);
  }
}
