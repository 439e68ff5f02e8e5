/** Methods that make a record of what the caller gives, or set one field of one record to it. */
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type Thing } from '../nouns.js';
import { listed, pascalCase, phrase, withArticle } from '../phrase.js';
import { construction, nameable } from './changes-records.js';
import type { Made } from './kind.js';
import { apexType, variableName } from './methods-parameter.js';
import { indented } from './soql.js';

const methodTo =
  '{{write |create |give me |make |add |I need |we need |}a {static |public static |public |}method to|method to|a function to|apex method to|method that should}';
const methodThat =
  '{{write |create |give me |make |add |I need |we need |}a {static |public static |public |}method {that|which}|method that|a function that}';
const writable = ['text', 'picklist', 'email', 'phone', 'currency', 'date', 'integer'] as const;

/** `updateCaseStatus(Id caseId, String status)`. */
export function setMethod(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, writable, ['Name']);
  if (field === null) return null;
  const name = said(draw, field);
  const value = variableName(field.label);
  const id = `${thing.one.replace(/Record$/, '')}Id`;
  const label = withArticle(thing.label);
  const isAura = random.chance(0.2);
  const method = `update${thing.className}${pascalCase(field.label.replace(/\W+/g, ' '))}`;
  const english = random.pick([
    `${methodTo} {set|change|update} the ${name} of {${label}|${label} by id|a given ${thing.label}|one ${thing.label}}{| to a given value| to the given value}`,
    `${methodThat} {sets|changes|updates} the ${name} of {${label}|${label} by id|a given ${thing.label}}{| to a given value| to the value passed in}`,
    `${methodThat} takes ${withArticle(`${thing.label} id`)} and {the |a |a new }${name} and updates the ${thing.label}`,
    `{write |create |}a {setter|method} for the ${name} of ${label}: {id|${thing.label} id} and {new |}${name} in, update`,
    `{|method |a method |write }${method}(${id}, ${value}) {that|which} {sets|updates|changes} the ${name} {of|on} {the|that} ${thing.label}`,
    `{|method |a method }${method}(${id}, ${value}): {set|update|change} the ${name} {of|on} {the|that} ${thing.label}`,
    `${methodThat} {gets|receives|accepts} ${withArticle(`${thing.label} id`)} and {a|the|a new} ${name} and {saves|stores|writes|sets} {it|the ${name}} on {the|that} ${thing.label}`,
  ]);
  const aura = isAura
    ? phrase(random, '{, @AuraEnabled|, AuraEnabled|. Make it @AuraEnabled|, callable from LWC}')
    : '';
  const signature = `public static void ${method}(Id ${id}, ${apexType(field)} ${value}) {`;
  const body = `${thing.api} ${thing.one} = new ${thing.api}(Id = ${id}, ${field.api} = ${value});\nupdate ${thing.one};`;
  return {
    prompt: `${phrase(random, english)}${aura}`,
    answer: [...(isAura ? ['@AuraEnabled'] : []), signature, indented(body), '}'].join('\n'),
    shape: 'member',
  };
}

/** `createContact(String lastName, String email)`. */
export function createMethod(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const fields = drawFields(draw, thing, random.integer(1, 3));
  if (fields.length === 0) return null;
  const names = listed(fields.map((field) => said(draw, field)));
  const parameters = fields.map(({ label: own }) => variableName(own)).join(', ');
  const label = withArticle(thing.label);
  const isAura = random.chance(0.2);
  const english = random.pick([
    `${methodTo} {create|insert} ${label} {with|from} {a |the |a given |}${names}{ and return it| and return it}`,
    `${methodThat} {creates|inserts} ${label} {with|from|for} {the given |a given |}${names} and returns it`,
    `${methodThat} takes ${names}, {creates|inserts} ${label} and returns it`,
    `{create|insert} ${label} from parameters ${names}, as a method that returns {it|the ${thing.label}}`,
    `{|method |a method |write }create${thing.className}(${parameters}) {that|which} {creates|inserts} {${label}|the ${thing.label}} and returns it`,
    `{|method |a method }create${thing.className}(${parameters}): {create|insert} {${label}|the ${thing.label}} and return it`,
    `${methodThat} {gets|receives|accepts} ${names} and {creates|inserts} ${label} {with them|from them|with these values}, {returns it|returning the ${thing.label}}`,
  ]);
  const aura = isAura
    ? phrase(random, '{, @AuraEnabled|, AuraEnabled|. Make it @AuraEnabled|, callable from LWC}')
    : '';
  const declarations = fields.map((field) => `${apexType(field)} ${variableName(field.label)}`).join(', ');
  const body = [
    `${thing.api} ${thing.one} = ${construction(
      thing,
      fields.map((field) => `${field.api} = ${variableName(field.label)}`),
    )};`,
    `insert ${thing.one};`,
    `return ${thing.one};`,
  ].join('\n');
  return {
    prompt: `${phrase(random, english)}${aura}`,
    answer: [
      ...(isAura ? ['@AuraEnabled'] : []),
      `public static ${thing.api} create${thing.className}(${declarations}) {`,
      indented(body),
      '}',
    ].join('\n'),
    shape: 'member',
  };
}

function drawFields(draw: Draw, thing: Thing, count: number): readonly Field[] {
  const fields: Field[] = [];
  const nameField = nameable(thing);
  const own = thing.fields.find(({ api }) => api === nameField);
  if (own !== undefined && draw.random.chance(0.5)) fields.push(own);
  for (let turn = fields.length; turn < count; turn++) {
    const field = drawField(draw, thing, writable, ['Name', 'CaseNumber', ...fields.map(({ api }) => api)]);
    if (field !== null && !fields.some(({ label }) => variableName(label) === variableName(field.label)))
      fields.push(field);
  }
  return fields.filter(({ label }) => variableName(label) !== thing.one);
}
