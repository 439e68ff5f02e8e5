/** Kinds of methods: read, count, test, change or delete records by a parameter, and their annotations. */
import type { Draw } from '../draw.js';
import { drawConditions, nounPhrase } from '../conditions.js';
import { drawField, said, type Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { drawOrder } from '../orders.js';
import { listed, phrase, withArticle } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { changeByIds, deleteByIds, futureByIds, invocable } from './methods-ids.js';
import { deleteByParameter, takenWords, those, updateByParameter } from './methods-change.js';
import { createMethod, setMethod } from './methods-records.js';
import { drawParameter, manyPart, type Parameter } from './methods-parameter.js';
import { indented, selected, soql } from './soql.js';

export const methodKinds: readonly Kind[] = [
  { kind: 'method get', weight: 8, make: (draw, thing) => getMethod(draw, thing, false) },
  { kind: 'method aura', weight: 4, make: (draw, thing) => getMethod(draw, thing, true) },
  { kind: 'method get one', weight: 2.5, make: getOneMethod },
  { kind: 'method count', weight: 3, make: countMethod },
  { kind: 'method exists', weight: 2, make: existsMethod },
  { kind: 'method set', weight: 2.5, make: setMethod },
  { kind: 'method create', weight: 2.5, make: createMethod },
  { kind: 'method update', weight: 4, make: changeByIds },
  { kind: 'method update by', weight: 2.5, make: updateByParameter },
  { kind: 'method delete', weight: 2, make: deleteByIds },
  { kind: 'method delete by', weight: 1.5, make: deleteByParameter },
  { kind: 'method future', weight: 2.5, make: futureByIds },
  { kind: 'method invocable', weight: 3, make: invocable },
];

/** What a method is asked for by: "write a method that". */
const methodLead =
  '{{write |create |give me |make |add |I need |we need |}a {static |public static |public |}method {that|which}|method {that|which}|method {that|which}|a function that|apex method that|need a method that}';
const methodTo =
  '{{write |create |give me |make |add |I need |we need |}a {static |public static |public |}method to|method to|a function to|apex method to}';

/** One line of method text around its body. */
function method(signature: string, body: string, annotations: readonly string[] = []): string {
  return [...annotations, `public static ${signature} {`, indented(body), '}'].join('\n');
}

/** How the request gives the method its name; empty = it gives none, as most do. */
function drawNaming(draw: Draw, name: string): string {
  if (!draw.random.chance(0.15)) return '';
  return phrase(draw.random, `{ called| named|, name it|, call it} ${name}`).replace(/^(?=\w)/, ' ');
}

/** The parameter and at most one fixed condition, with the noun they are said of. */
function records(
  draw: Draw,
  thing: Thing,
  number: 'one' | 'many' = 'many',
): { parameter: Parameter; english: string; where: readonly string[]; isPlain: boolean } | null {
  const parameter = drawParameter(draw, thing);
  if (parameter === null) return null;
  const fixed = draw.random.chance(0.3)
    ? drawConditions(draw, thing, 1, { without: [parameter.field.api] })
    : [];
  const noun = nounPhrase(draw, thing, fixed, number);
  return {
    parameter,
    english: `${noun.english} ${number === 'one' ? ofOne(parameter.english) : parameter.english}`,
    where: [...noun.conditions.map((condition) => condition.soql), parameter.soql],
    isPlain: fixed.length === 0,
  };
}

function ofOne(english: string): string {
  return english.replace(/^that have/, 'that has').replace(/^by their/, 'by');
}

/** Fields, order and limit that a read asks for beyond the records. */
function drawExtras(
  draw: Draw,
  thing: Thing,
): { fields: readonly string[]; orderBy: string | null; limit: number | null; english: string } {
  const { random } = draw;
  const first = random.chance(0.35)
    ? drawField(draw, thing, ['picklist', 'text', 'currency', 'date', 'email', 'phone'], ['Name'])
    : null;
  const second =
    first !== null && random.chance(0.6)
      ? drawField(
          draw,
          thing,
          ['picklist', 'text', 'currency', 'date', 'email', 'phone'],
          ['Name', first.api],
        )
      : null;
  const fields = [first, second].filter((field) => field !== null);
  const order = random.chance(0.35) ? drawOrder(draw, thing) : null;
  const limit = random.chance(0.3) ? random.pick([5, 10, 20, 25, 50, 100, 200, 500]) : null;
  const names = listed(fields.map((field) => said(draw, field)));
  return {
    fields: fields.length === 0 ? [thing.nameField] : fields.map((field) => field.api),
    orderBy: order?.soql ?? null,
    limit,
    english: [
      fields.length === 0
        ? ''
        : phrase(
            random,
            `{ with {their |}${names}|, including {the |}${names}|, select ${names}|, fields ${names}| with {the |}fields ${names}` +
              `| {incl.|including|incl} ${names}|, with ${names}|, need ${names}|, {I |we |}{only |}need the ${names}| - ${names}|. Select ${names}|. Fields: ${names}| and their ${names}| together with their ${names}|, plus {the |}${names}}`,
          ).replace(/^(?=[\w-])/, ' '),
      order === null ? '' : `, ${order.english}`,
      limit === null
        ? ''
        : phrase(
            random,
            `, {at most ${saidNumber(random, limit)}|limit ${limit}|limited to ${limit}|max ${limit}|no more than ${saidNumber(random, limit)}}`,
          ),
    ].join(''),
  };
}

const auraLeads =
  '{{an |write an |I need an |create an |}@AuraEnabled{(cacheable=true)| cacheable} method {that returns|to get|that gets|to load}|{a |}cacheable {Aura|AuraEnabled} method {that returns|to get|returning}' +
  '|{a |}method for {an LWC|a lightning component|my LWC|a lightning web component} {that returns|to get|that loads|that fetches}|{a |}wire method {that returns|returning|to get}|{an |}AuraEnabled cacheable {method|apex method} {for|returning|that returns}' +
  '|{an |I need an |need an |}{AuraEnabled|@AuraEnabled|aura enabled|aura-enabled} {method|method|apex method} {for my LWC |for the LWC |for a component |}{that gets|that returns|returning|to get|which loads|that fetches}|{apex|Apex} {method|controller method} for {my|an|our} {LWC|component|lightning component} {that gets|to get|that returns}|my LWC needs {a method that returns|an apex method to get}}';

/** `getCasesByStatus`; with `isAura` for a component's wire. */
function getMethod(draw: Draw, thing: Thing, isAura: boolean): Made | null {
  const { random } = draw;
  const asked = records(draw, thing);
  if (asked === null) return null;
  const extras = drawExtras(draw, thing);
  const { parameter } = asked;
  const name = `get${manyPart(thing)}${parameter.namePart}`;
  const naming = drawNaming(draw, name);
  const isBare = !isAura && random.chance(0.08);
  const lead = isAura ? auraLeads : getLead(random, isBare, name, parameter);
  const isTaking = !isAura && !isBare && asked.isPlain && random.chance(0.15);
  const asking = isTaking
    ? takingLead(random, thing, parameter)
    : `${phrase(random, `${lead} `)} ${asked.english}`;
  const tail = isBare
    ? phrase(random, '{ in a method|, as a method|; make it a method| (method)}').replace(/^(?=[a-z(])/, ' ')
    : '';
  const query = soql({
    select: selected(extras.fields),
    from: thing.api,
    conditions: asked.where,
    orderBy: extras.orderBy,
    limit: extras.limit,
  });
  return {
    prompt: `${asking}${extras.english}${tail}${asking.includes(name) ? '' : naming}`,
    answer: method(
      `List<${thing.api}> ${name}(${parameter.declaration})`,
      `return ${query};`,
      isAura ? ['@AuraEnabled(cacheable=true)'] : [],
    ),
    shape: 'member',
  };
}

function getLead(random: Random, isBare: boolean, name: string, parameter: Parameter): string {
  const quantifier = '{|||all |the |a list of }';
  if (isBare) return `{get|find|fetch|return} ${quantifier}`;
  const argument = random.chance(0.5) ? parameter.name : parameter.declaration;
  return random.pick([
    `${methodLead} {returns|gets|fetches|finds|queries|loads|lists|gives back|retrieves|selects} ${quantifier}`,
    `${methodLead} {returns|gets|fetches|finds|loads} ${quantifier}`,
    `${methodTo} {get|fetch|find|return|query|load|list|retrieve|look up|select} ${quantifier}`,
    `{write |a |}{method|apex method|function} {returning|getting|fetching} ${quantifier}`,
    '{write |}a {getter|query method|selector method|method|finder} for {|||all |the }',
    `{write|implement|complete|fill in} ${name}(${parameter.declaration}) {returning|that returns|, it returns|which returns} {|all |the }`,
    `{a |}method {|called |named }${name}(${argument}) {returning|that returns|that gets|which finds} ${quantifier}`,
    `{|method }${name}{: |: it should | should }{return|get|find} ${quantifier}`,
  ]);
}

/** "a method that takes a status and returns the cases with that status". */
function takingLead(random: Random, thing: Thing, parameter: Parameter): string {
  const taken = takenWords(parameter);
  return phrase(
    random,
    random.pick([
      `${methodLead} {takes|takes|gets|accepts|receives} ${taken} and {returns|finds|fetches|gives back} ${those(thing, parameter)}`,
      `{a method: |method: |method, }given ${taken}, {return|get|find} ${those(thing, parameter)}`,
      `{a |}{method|function} with ${taken} as {parameter|argument|input} that returns ${those(thing, parameter)}`,
    ]),
  );
}

/** "a method that returns the contact with a given email". */
function getOneMethod(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const isById = random.chance(0.4);
  const parameter = isById ? null : drawParameter(draw, thing);
  if (
    !isById &&
    (parameter === null ||
      parameter.declaration.startsWith('Set<') ||
      !['text', 'email', 'phone'].includes(parameter.field.type))
  )
    return null;
  const label = parameter?.label ?? 'id';
  const extras = drawExtras(draw, thing);
  if (extras.limit !== null || extras.orderBy !== null) return null;
  const name = `get${thing.className}${parameter?.namePart ?? 'ById'}`;
  const declaration = parameter?.declaration ?? `Id ${thing.one.replace(/Record$/, '')}Id`;
  const where = parameter?.soql ?? `Id = :${thing.one.replace(/Record$/, '')}Id`;
  const query = soql({
    select: selected(extras.fields),
    from: thing.api,
    conditions: [where],
    limit: 1,
  });
  const lead = random.pick([
    `${methodLead} {returns|gets|fetches|finds|loads}`,
    `${methodTo} {get|fetch|find|return|load|look up}`,
  ]);
  return {
    prompt:
      phrase(
        random,
        `${lead} {the|a single|one} ${thing.label} {by ${label}|by ${label}|with the given ${label}|with ${withArticle(`given ${label}`)}|for ${withArticle(label)}|by its ${label}|whose ${label} is passed in}`,
      ) + extras.english.replace('their ', 'its '),
    answer: method(`${thing.api} ${name}(${declaration})`, `return ${query};`),
    shape: 'member',
  };
}

/** `countCasesByStatus`. */
function countMethod(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const asked = records(draw, thing);
  if (asked === null) return null;
  const name = `count${manyPart(thing)}${asked.parameter.namePart}`;
  const naming = drawNaming(draw, name);
  const query = soql({ select: ['COUNT()'], from: thing.api, conditions: asked.where });
  const english = random.pick([
    `${methodLead} {counts|returns {the number|the count} of|gives the number of} ${asked.english}`,
    `${methodTo} count {the |all |}${asked.english}`,
    `${methodTo} {get|return} the number of ${asked.english}`,
    `{a |}count method for ${asked.english}`,
    `{a |}method {that tells|telling|returning} {how many ${asked.english} there are|the number of ${asked.english}}`,
    `{|method |a method }${name}: {how many ${asked.english} {are there|exist|there are}|count {the |}${asked.english}|the number of ${asked.english}}`,
    `{|method |a method }${name}(${asked.parameter.name}) {that counts|returning the number of|which counts} ${asked.english}`,
  ]);
  return {
    prompt: phrase(random, english) + (english.includes(name) ? '' : naming),
    answer: method(`Integer ${name}(${asked.parameter.declaration})`, `return ${query};`),
    shape: 'member',
  };
}

/** `hasCasesByStatus`: whether there is one. */
function existsMethod(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const asked = records(draw, thing, 'one');
  if (asked === null) return null;
  const name = `has${thing.className}${asked.parameter.namePart}`;
  const naming = drawNaming(draw, name);
  const query = soql({ select: ['COUNT()'], from: thing.api, conditions: asked.where, limit: 1 });
  const noun = withArticle(asked.english);
  const english = random.pick([
    `${methodLead} {checks|tells|tests|returns|says} {whether|if} there is ${noun}`,
    `${methodTo} {check|test|find out} {whether|if} there is ${noun}`,
    `${methodLead} returns true {when|if} there is ${noun}`,
    `${methodTo} check {for|the existence of} ${noun}`,
    `{|method |boolean method }${name}: {is there|true if there is|whether there is|true when there is} ${noun}`,
    `{a |}{boolean method|method returning a boolean|method}: {is there|true if there is|does there exist} ${noun}`,
  ]);
  return {
    prompt: phrase(random, english) + (english.includes(name) ? '' : naming),
    answer: method(`Boolean ${name}(${asked.parameter.declaration})`, `return ${query} > 0;`),
    shape: 'member',
  };
}
