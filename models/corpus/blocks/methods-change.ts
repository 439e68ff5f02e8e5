/** Methods that change or delete the records whose field is what the caller gives: `updateRatingByIndustry(industry, rating)`. */
import type { Draw } from '../draw.js';
import { drawField, said, type Field, type Thing } from '../nouns.js';
import { listed, pascalCase, phrase } from '../phrase.js';
import { readOnly } from '../words/standard.js';
import { assigningLoop, drawAssignments } from './changes-job.js';
import type { Made } from './kind.js';
import { apexType, drawParameter, manyPart, variableName, type Parameter } from './methods-parameter.js';
import { indented, selected, soql } from './soql.js';
import { inThirdPerson } from './triggers-text.js';

const lead =
  '{{write |create |give me |make |I need |we need |need |}a {static |public |}method|method|method|a function|apex method}';

/** What the method takes, as a developer writes it: `(industry, rating)`. */
function signed(random: Draw['random'], name: string, parameters: readonly Parameters[]): string {
  const isTyped = random.chance(0.35);
  const list = parameters.map((parameter) => (isTyped ? parameter.declaration : parameter.name));
  return `${name}(${list.join(', ')})`;
}

interface Parameters {
  readonly declaration: string;
  readonly name: string;
}

/** "a method that deletes the tickets of a given account". */
export function deleteByParameter(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const parameter = drawParameter(draw, thing);
  if (parameter === null) return null;
  const name = `delete${manyPart(thing)}${parameter.namePart}`;
  const records = `{the |all |all the |}${thing.plural} ${parameter.english}`;
  const english = random.pick([
    `${lead} {that|which} {deletes|deletes|removes} ${records}`,
    `${lead} {that|which} {deletes|removes} ${records}`,
    `${lead} to {delete|delete|remove|purge} ${records}`,
    `${lead} {|called |named }${signed(random, name, [parameter])} {that|which} {deletes|removes} ${records}`,
    `${name}: {delete|remove} ${records}`,
    `${lead} that takes ${takenWords(parameter)} and deletes ${those(thing, parameter)}`,
  ]);
  const query = soql({ select: ['Id'], from: thing.api, conditions: [parameter.soql] });
  const body = `List<${thing.api}> ${thing.many} = ${query};\ndelete ${thing.many};`;
  return member(phrase(random, english), `${name}(${parameter.declaration})`, body);
}

/** `a trainer id`, `a set of statuses`. */
export function takenWords({ declaration, label }: Parameter): string {
  if (declaration.startsWith('Set<')) return `a set of ${label}`;
  return `{a|the|a given} ${label}`.replace(/\{a\|the\|a given\} (?=[aeiou])/i, '{an|the|a given} ');
}

/** The records, where what the caller gives is already said: `all cases with that status`. */
export function those({ plural }: Thing, { declaration, field, label }: Parameter): string {
  const isReference = field.type === 'reference';
  if (declaration.startsWith('Set<'))
    return `{the|all} ${plural} ${isReference ? 'for' : 'with one of'} {those|these} ${label}`;
  return isReference
    ? `{the|all|all the} ${plural} {of that ${field.label}|of the ${field.label}|of this ${field.label}}`
    : `{the|all|all the} ${plural} {with that ${label}|with this ${label}|that have this ${label}}`;
}

function member(prompt: string, signature: string, body: string): Made {
  return {
    prompt,
    answer: `public static void ${signature} {\n${indented(body)}\n}`,
    shape: 'member',
  };
}

/** A field is set to what the caller gives, or to a value that is said. */
export function updateByParameter(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const parameter = drawParameter(draw, thing);
  if (parameter === null) return null;
  return random.chance(0.55)
    ? updateToParameter(draw, thing, parameter)
    : updateToValue(draw, thing, parameter);
}

function updateToValue(draw: Draw, thing: Thing, parameter: Parameter): Made | null {
  const { random } = draw;
  const list = drawAssignments(draw, thing, 'many', random.chance(0.8) ? 1 : 2, [parameter.field.api]);
  const each = list.map(({ imperative }) => imperative);
  if (list.length === 0) return null;
  const name = `update${manyPart(thing)}${parameter.namePart}`;
  const records = `{the |all |all the |}${thing.plural} ${parameter.english}`;
  const imperatives = listed(each);
  const sets = inThirdPerson(each);
  const hasPronoun = /\b(it|them)\b/.test(imperatives);
  const on = (text: string): string =>
    hasPronoun
      ? text.replace(/\b(it|them)\b/, records)
      : `${text.replace(/\btheir\b/g, 'the')} {for|on} ${records}`;
  const english = random.pick([
    `${lead} {that|which} ${on(sets)}`,
    `${lead} to ${on(imperatives)}`,
    `${lead} {|called |named }${signed(random, name, [parameter])} {that|which} ${on(sets)}`,
    `${lead} {that|which} {finds|gets|loads|queries} ${records} and ${sets}`,
    `${name}: ${on(imperatives)}`,
  ]);
  const body = bodyOf(
    thing,
    parameter,
    list.map(({ field }) => field),
    assigningLoop(thing, list),
  );
  return member(phrase(random, english), `${name}(${parameter.declaration})`, body);
}

const writable = ['text', 'picklist', 'picklist', 'email', 'phone', 'currency', 'date', 'integer'] as const;

function updateToParameter(draw: Draw, thing: Thing, parameter: Parameter): Made | null {
  const { random } = draw;
  const closed = thing.fields.map(({ api }) => api).filter((api) => readOnly.has(`${thing.api}.${api}`));
  const taken = [parameter.field.api, 'CreatedDate', 'LastModifiedDate', 'CaseNumber', ...closed];
  const field = drawField(draw, thing, writable, taken);
  if (field === null) return null;
  const value = variableName(field.label);
  if (value === parameter.name || value === thing.one || value === thing.many) return null;
  const given = { name: value, declaration: `${apexType(field)} ${value}` };
  const name = `update${pascalCase(field.label.replace(/\W+/g, ' '))}${parameter.namePart}`;
  const label = said(draw, field);
  const records = `{the |all |all the |}${thing.plural} ${parameter.english}`;
  const signature = signed(random, name, [parameter, given]);
  const that = those(thing, parameter);
  const both = `${takenWords(parameter)} and {a|the|a new|the new} ${label}`;
  const english = random.pick([
    `${lead} {|called |named }${signature} {that|which} {sets|updates|changes} the ${label} {of|on|for} {${that}|${records}}`,
    `${lead} {|called |named }${signature} to {set|update|change} the ${label} {of|on|for} {${that}|${records}}`,
    `${signature}{: | - | should | }{set|update} the ${label} {of|on|for} {${that}|${records}}`,
    `${lead} {that|which} takes ${both} and {sets|updates} the ${label} {of|on|for} ${that}`,
    `${lead} {that|which} {sets|updates|changes} the ${label} {of|on|for} ${records} to {a|the} {given value|value passed in|given ${label}}`,
  ]);
  const loop = `for (${thing.api} ${thing.one} : ${thing.many}) {\n    ${thing.one}.${field.api} = ${value};\n}`;
  const body = bodyOf(thing, parameter, [field], loop);
  return member(phrase(random, english), `${name}(${parameter.declaration}, ${given.declaration})`, body);
}

function bodyOf(thing: Thing, parameter: Parameter, fields: readonly Field[], loop: string): string {
  const query = soql({
    select: selected(fields.map(({ api }) => api)),
    from: thing.api,
    conditions: [parameter.soql],
  });
  return `List<${thing.api}> ${thing.many} = ${query};\n${loop}\nupdate ${thing.many};`;
}
