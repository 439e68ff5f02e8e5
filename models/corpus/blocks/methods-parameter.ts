/** Parameters of methods: a field whose value the caller gives. */
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type FieldType, type Thing } from '../nouns.js';
import { camelCase, pascalCase, phrase, withArticle } from '../phrase.js';
import { pluralOf } from '../plurals.js';

export interface Parameter {
  readonly field: Field;
  /** `String status`. */
  readonly declaration: string;
  /** `status`. */
  readonly name: string;
  /** `Status` in `getCasesByStatus`. */
  readonly namePart: string;
  /** `Status = :status`. */
  readonly soql: string;
  /** Stands before or after the noun's other words: `by status`, `with a given status`, `of an account`. */
  readonly english: string;
  /** `status`. */
  readonly label: string;
}

/** Words of Apex that no parameter may be named. */
const reserved = new Set(
  (
    'abstract and any as asc begin blob break bulk by case cast catch class commit continue currency date datetime decimal default delete desc do double else end enum ' +
    'event exception export extends final finally float for from global goto group having if implements import in inner insert int integer interface into join like ' +
    'limit list long loop map merge new not null number object of on or order outer override package private protected public retrieve return rollback ' +
    'select set short sort static string super switch synchronized system test then this throw time transaction trigger try type undelete update upsert ' +
    'using virtual when where while'
  ).split(' '),
);

const apexTypes: Record<FieldType, string> = {
  picklist: 'String',
  text: 'String',
  email: 'String',
  phone: 'String',
  currency: 'Decimal',
  integer: 'Integer',
  date: 'Date',
  datetime: 'Datetime',
  checkbox: 'Boolean',
  reference: 'Id',
};

export function apexType(field: Field): string {
  return apexTypes[field.type];
}

/** A name for a variable that holds `label`. */
export function variableName(label: string): string {
  const name = camelCase(label.replace(/\W+/g, ' '));
  return reserved.has(name.toLowerCase()) ? `${name}Value` : name;
}

/** Records whose field is what the caller gives; null = no field fits. */
export function drawParameter(draw: Draw, thing: Thing, without: readonly string[] = []): Parameter | null {
  const { random } = draw;
  const field = drawField(
    draw,
    thing,
    ['picklist', 'picklist', 'text', 'email', 'phone', 'reference', 'reference', 'date'],
    without,
  );
  if (field === null) return null;
  if (field.type === 'reference') return referenceParameter(draw, field);
  if (random.chance(0.18)) return setParameter(draw, field);
  const name = variableName(field.label);
  const label = said(draw, field);
  return {
    field,
    declaration: `${apexType(field)} ${name}`,
    name,
    namePart: `By${pascalCase(field.label.replace(/\W+/g, ' '))}`,
    soql: `${field.api} = :${name}`,
    label,
    english: phrase(
      random,
      `{by ${label}|by ${label}|by {a given|the given} ${label}|with {a|the} {given|certain|specific|particular} ${label}` +
        `|for {a|the|a given|the given} ${label}|{with|having} the ${label} {passed in|given|that is passed}|whose ${label} {is passed in|is given|matches the parameter}|filtered by ${label}|of a given ${label}` +
        `|where the ${label} is {the parameter|what is passed in|given}|that have {a|the} given ${label}|for the ${label} {passed in|I pass in|that is given}|with that ${label}|by their ${label}|whose ${label} equals the parameter}`,
    ),
  };
}

function referenceParameter(draw: Draw, field: Field): Parameter {
  const { random } = draw;
  const other = field.label;
  const name = variableName(`${other} id`);
  if (random.chance(0.3)) {
    const names = `${camelCase(`${other} id`)}s`;
    return {
      field,
      declaration: `Set<Id> ${names}`,
      name: names,
      namePart: `By${pascalCase(other)}Ids`,
      soql: `${field.api} IN :${names}`,
      label: `${other} ids`,
      english: phrase(
        random,
        `{by {a set of |}${other} ids|for {a set of|a collection of|the given} ${other} ids|for several ${other} ids|of {a set of|the given} {${pluralOf(other)}|${other} ids}|given a set of ${other} ids|belonging to a set of ${other} ids}`,
      ),
    };
  }
  return {
    field,
    declaration: `Id ${name}`,
    name,
    namePart: `By${pascalCase(other)}Id`,
    soql: `${field.api} = :${name}`,
    label: `${other} id`,
    english: phrase(
      random,
      `{of {${withArticle(other)}|${withArticle(other)}|a given ${other}|one ${other}|a certain ${other}|the given ${other}|a specific ${other}}|for {${withArticle(other)}|a given ${other}|${withArticle(other)} id|the given ${other} id}|by ${other} id|by ${other}|by ${other}` +
        `|belonging to {${withArticle(other)}|a given ${other}}|of {${withArticle(other)}|a given ${other}} (by ${other} id)|of the ${other} with {the|a} given id|of the ${other} {whose id is passed in|passed in}|related to {${withArticle(other)}|a given ${other}}|under {${withArticle(other)}|a given ${other}}}`,
    ),
  };
}

function setParameter(draw: Draw, field: Field): Parameter | null {
  const { random } = draw;
  if (field.type !== 'picklist' && field.type !== 'text' && field.type !== 'email') return null;
  const plural = pluralOf(field.label);
  const name = camelCase(plural);
  return {
    field,
    declaration: `Set<String> ${name}`,
    name,
    namePart: `By${pascalCase(plural)}`,
    soql: `${field.api} IN :${name}`,
    label: plural,
    english: phrase(
      random,
      `{by a set of ${plural}|for {a set of|several|a collection of} ${plural}|in any of {a set of|several|the given} ${plural}|whose ${field.label} is in a set of ${plural}|with one of {a set of|the given|several} ${plural}}`,
    ),
  };
}

/** `Invoices` in `getInvoicesByStatus`. */
export function manyPart(thing: Thing): string {
  return pascalCase(thing.plural);
}
