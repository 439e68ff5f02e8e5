/** What makers of a file's parts are given, and what several of them say. */
import type { Draw } from '../draw.js';
import type { Field, FieldType, Thing } from '../nouns.js';
import { fieldsOf } from '../nouns.js';
import { camelCase } from '../phrase.js';
import type { Random } from '../random.js';
import { free, seen } from './apex.js';
import { commented, documented, logged, step, type Names, type Style } from './style.js';

export class Part {
  constructor(
    readonly draw: Draw,
    readonly style: Style,
    readonly thing: Thing,
    readonly names: Names,
    readonly className: string,
  ) {}

  get random(): Random {
    return this.draw.random;
  }

  /** At most `count` fields, in random order. */
  fields(count: number, types: readonly FieldType[] = everyType): readonly Field[] {
    return this.noted(this.random.sample(fieldsOf(this.thing, types), count));
  }

  /** Those that code may set. */
  settable(count: number, types: readonly FieldType[] = everyType): readonly Field[] {
    return this.noted(this.random.sample(fieldsOf(this.thing, types, systemFields), count));
  }

  /** Pairs of object and field that are held out are so here too. */
  private noted(fields: readonly Field[]): readonly Field[] {
    for (const { api } of fields) this.draw.noteField(this.thing.api, api);
    return fields;
  }

  field(types: readonly FieldType[]): Field | null {
    return this.fields(1, types)[0] ?? null;
  }

  step(english: string, code: string): string {
    return step(this.random, this.style, english, code);
  }

  comment(english: string): string {
    return commented(this.style, english);
  }

  doc(english: string, parameters: readonly string[] = [], returned = ''): string {
    return documented(this.style, english, parameters, returned);
  }

  log(text: string, level: 'error' | 'info' = 'info'): string {
    return logged(this.style, text, level);
  }

  /** `catch (Exception e) {` up to the end of its block. */
  caught(type: string, ...lines: readonly string[]): string {
    return `} catch (${type} ${this.style.error}) {\n${lines.map((line) => `    ${line}`).join('\n')}\n}`;
  }

  pick<T>(...items: readonly T[]): T {
    return this.random.pick(items);
  }
}

const systemFields = [
  'CreatedDate',
  'LastModifiedDate',
  'IsClosed',
  'IsWon',
  'ClosedDate',
  'IsConverted',
  'CaseNumber',
  'OrderNumber',
  'ContractNumber',
];

export type Member = (part: Part) => string | null;

/** Members of which one is drawn, each with how often. */
export type Weighted = readonly (readonly [weight: number, member: Member])[];

/** All but references. */
export const everyType: readonly FieldType[] = [
  'picklist',
  'currency',
  'integer',
  'date',
  'datetime',
  'checkbox',
  'text',
  'email',
  'phone',
];

export function apexType(field: Field): string {
  switch (field.type) {
    case 'currency':
      return 'Decimal';
    case 'integer':
      return field.api.endsWith('__c') ? 'Decimal' : 'Integer';
    case 'date':
      return 'Date';
    case 'datetime':
      return 'Datetime';
    case 'checkbox':
      return 'Boolean';
    case 'reference':
      return 'Id';
    case 'picklist':
    case 'text':
    case 'email':
    case 'phone':
      return 'String';
  }
}

const taken = new Set([
  'type',
  'name',
  'new',
  'end',
  'start',
  'number',
  'date',
  'object',
  'case',
  'group',
  'order',
  'limit',
  'class',
  'currency',
]);

/** The variable for a field's value: `dueDate`, `stageName`. */
export function variableOf(field: Field, part?: Part): string {
  const name = camelCase(field.api);
  return taken.has(name) && name !== 'name' && part !== undefined
    ? part.thing.className[0]!.toLowerCase() +
        part.thing.className.slice(1) +
        name[0]!.toUpperCase() +
        name.slice(1)
    : name;
}

/** `Id, Name, Status__c`: what a query selects; each can be known where it is used afterwards. */
export function selectList(fields: readonly Field[], nameField: string): string {
  return ['Id', nameField, ...fields.map((field) => field.api).filter((api) => api !== nameField)]
    .map((api, index) => (index === 0 ? api : seen(api)))
    .join(', ');
}

/** The signature up to its name; what follows the name is for the reader to know. */
export function signature(modifiers: string, type: string, name: string): string {
  return free(`${modifiers} ${type} ${name}`);
}
