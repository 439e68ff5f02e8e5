/** Exceptions, wrappers and constants. */
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type Thing } from '../nouns.js';
import { listed, pascalCase, phrase } from '../phrase.js';
import type { Made } from './kind.js';
import { apexType, variableName } from './methods-parameter.js';
import { indented } from './soql.js';

const purposes = [
  'Validation',
  'Service',
  'Processing',
  'Sync',
  'Import',
  'NotFound',
  'Callout',
  'Limit',
  'Approval',
  'State',
] as const;

/** "a custom exception for invoices", or with its name said. */
export function exceptionClass(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const purpose = random.chance(0.6) ? random.pick(purposes) : '';
  const name = `${thing.className}${purpose}Exception`;
  const english =
    purpose === ''
      ? `{write |create |I need |}{a custom exception|an exception class|a custom exception class|an exception} for {${thing.plural}|the ${thing.label}}`
      : `{write |create |define |I need |declare |}{a custom exception|an exception class|a custom exception class|an exception} {called |named |}${name}`;
  return {
    prompt: phrase(random, english),
    answer: `public class ${name} extends Exception {}`,
    shape: 'class',
  };
}

const wrapperWords = '{wrapper|wrapper class|DTO|data class|data transfer object|DTO class}';

/** Fields of an object as members of a class, with a constructor from the record where it is asked for. */
export function wrapperClass(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const fields = drawFields(draw, thing, random.integer(1, 4));
  if (fields.length === 0) return null;
  const isAura = random.chance(0.35);
  const isBuilt = random.chance(0.4);
  const names = listed(fields.map((field) => said(draw, field)));
  const className = `${thing.className}Wrapper`;
  const aura = isAura ? '{, @AuraEnabled| for LWC|, AuraEnabled| for a lightning component}' : '';
  const built = isBuilt
    ? '{, built from {the record|a record}| and a constructor that takes the {record|LABEL}|, with a constructor from the LABEL|, constructor takes the LABEL}'.replaceAll(
        'LABEL',
        thing.label,
      )
    : '';
  const english = `{write |create |give me |I need |}a ${wrapperWords} {for {${thing.plural}|the ${thing.label}|a ${thing.label}} with|around a ${thing.label} with} {the |}{fields |}${names}`;
  const spoken = english.replaceAll(/\ba (?=[aeiou])/g, 'an ');
  const declarations = fields.map(
    (field) => `${isAura ? '@AuraEnabled ' : ''}public ${apexType(field)} ${variableName(field.label)};`,
  );
  const constructor = [
    `public ${className}(${thing.api} ${thing.one}) {`,
    ...fields.map((field) => `    this.${variableName(field.label)} = ${thing.one}.${field.api};`),
    '}',
  ];
  const body = [...declarations, ...(isBuilt ? ['', ...constructor] : [])].join('\n');
  return {
    prompt: phrase(random, `${spoken}${built}${aura}`),
    answer: `public class ${className} {\n${indented(body)}\n}`,
    shape: 'class',
  };
}

function drawFields(draw: Draw, thing: Thing, count: number): readonly Field[] {
  const fields: Field[] = [];
  for (let turn = 0; turn < count; turn++) {
    const taken = fields.map(({ api }) => api);
    const field = drawField(
      draw,
      thing,
      ['text', 'currency', 'date', 'checkbox', 'picklist', 'email', 'integer', 'phone'],
      taken,
    );
    if (field !== null && !fields.some(({ label }) => label === field.label)) fields.push(field);
  }
  return fields;
}

/** "a class with constants for the statuses of an invoice": `STATUS_OPEN`. */
export function constantsClass(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, ['picklist']);
  if (field === null || field.values.length < 2) return null;
  const values = random.sample(field.values, random.integer(2, Math.min(5, field.values.length)));
  const name = said(draw, field);
  const lines = values.map(
    (value) => `public static final String ${constantCase(field.label)}_${constantCase(value)} = '${value}';`,
  );
  const english =
    `{write |create |give me |I need |}{a constants class|a class with constants|a class of constants|constants} for {the |}${thing.label} ${name}{ values|}: ${listed(values)}` +
    `|constants class for ${thing.plural} with {the |}${name} {values |}${listed(values)}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: `public class ${pascalCase(thing.label)}Constants {\n${indented(lines.join('\n'))}\n}`,
    shape: 'class',
  };
}

function constantCase(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
