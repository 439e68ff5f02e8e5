/** Queries asked for as one would write SQL, with API names: `get Name and Amount__c from Bid__c where Amount__c > 18.5`. */
import { drawConditions } from '../conditions.js';
import type { Draw } from '../draw.js';
import { fieldsOf, type Thing } from '../nouns.js';
import { phrase } from '../phrase.js';
import type { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { drawLimit, series } from './queries-words.js';
import { selected, soql } from './soql.js';

const selectable = ['text', 'picklist', 'currency', 'integer', 'date', 'datetime', 'checkbox', 'email', 'reference'] as const; // prettier-ignore

export const statementKinds: readonly Kind[] = [{ kind: 'query statement', weight: 5, make: makeStatement }];

/** How often the object is said by its plural label, and how often it is counted. */
const labelShare = 0.25;
const countShare = 0.12;

function makeStatement(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const conditions = drawConditions(draw, thing, random.weighted([[1, 0], [6, 1], [5, 2], [1.5, 3]])).map(({ soql: text }) => text); // prettier-ignore
  const where = conditions.map((condition) => readable(random, condition));
  const from = random.chance(labelShare) ? thing.plural : thing.api;
  const joint = random.pick([' and ', ' and ', ' and ', ' AND ', ' && ']);
  const filter =
    where.length === 0 ? '' : ` ${random.pick(['where', 'where', 'where', 'WHERE'])} ${where.join(joint)}`;
  if (random.chance(countShare)) return countStatement(draw, thing, from + filter, conditions);
  const fields = random.sample(
    fieldsOf(thing, selectable),
    random.weighted([[2, 0], [3, 1], [5, 2], [3, 3], [1, 4]]),
  ); // prettier-ignore
  fields.forEach(({ api }) => draw.noteField(thing.api, api));
  const apis = fields.map(({ api }) => api);
  const order = random.chance(0.3) ? drawOrderBy(random, thing) : null;
  const limit = random.chance(0.25) ? drawLimit(random).limit : null;
  const tail = `${order === null ? '' : order.english}${limit === null ? '' : spaced(phrase(random, `{limit ${limit}|limit ${limit}|, limit ${limit}|LIMIT ${limit}|, max ${limit}|, first ${limit} only}`))}`;
  const verb =
    '{get|get|Get|select|select|SELECT|query|fetch|pull|find|list|show|show me|return|read|I need|give me|retrieve}';
  const start =
    apis.length === 0
      ? `${verb} {|all }${from}`
      : `${verb} ${series(random, apis)} {from|from|from|from|FROM|FROM|of} ${from}`;
  const names = apis.length === 0 ? [thing.nameField] : apis;
  return renamed(random, thing, {
    prompt: `${phrase(random, start)}${filter}${tail}`,
    answer: `List<${thing.api}> ${thing.many} = ${soql({ select: selected(names), from: thing.api, conditions, orderBy: order?.soql ?? null, limit })};`,
  });
}

function countStatement(draw: Draw, thing: Thing, rest: string, conditions: readonly string[]): Made {
  const { random } = draw;
  const prompt =
    phrase(
      random,
      '{count|count|count of|COUNT() from|count() from|how many|number of|select count() from}',
    ) + ` ${rest}`;
  return renamed(random, thing, {
    prompt,
    answer: `Integer ${thing.one}Count = ${soql({ select: ['COUNT()'], from: thing.api, conditions })};`,
  });
}

function drawOrderBy(random: Random, thing: Thing): { soql: string; english: string } | null {
  const fields = fieldsOf(
    thing,
    ['currency', 'integer', 'date', 'datetime', 'text', 'picklist'],
    ['Description'],
  );
  if (fields.length === 0) return null;
  const { api } = random.pick(fields);
  const isDescending = random.chance(0.55);
  const direction = isDescending ? '{desc|DESC|descending|in descending order}' : '{||asc|ASC|ascending}';
  return {
    soql: `${api} ${isDescending ? 'DESC' : 'ASC'}`,
    english:
      ` ${phrase(random, `{order by|order by|order by|ORDER BY|sorted by|ordered by|sort by|, sorted by} ${api} ${direction}`)}`.replace(
        ' ,',
        ',',
      ),
  };
}

/** A tail that joins what is before it. */
function spaced(tail: string): string {
  return tail.startsWith(',') ? tail : ` ${tail}`;
}

/** Comparisons as they are read aloud. */
const spoken: Readonly<Record<string, string>> = {
  '>': '{>|>|is >|greater than|is greater than|over|is over|above|more than}',
  '<': '{<|<|is <|less than|is less than|under|is under|below}',
  '>=': '{>=|>=|is >=|at least|is at least}',
  '<=': '{<=|<=|is <=|at most|is at most}',
  '=': '{=|=|=|is|is|equals|==|is equal to}',
  '!=': '{!=|!=|is not|<>|not equal to}',
};

/** A condition in the way of somebody who knows the API names; as it stands where nothing else is sure. */
function readable(random: Random, condition: string): string {
  if (random.chance(0.12) || / AND /.test(condition)) return condition;
  const [, field, operator, value] = /^([\w.]+) (=|!=|<|>|<=|>=) (.*)$/.exec(condition) ?? [];
  if (value === undefined) return readableSet(random, condition);
  if (value === 'null')
    return phrase(
      random,
      `${field!} ${operator === '=' ? '{is null|= null|is empty|is blank|is not set}' : '{!= null|is not null|is not empty|is set|is filled}'}`,
    );
  if (value === ':UserInfo.getUserId()') return phrase(random, `${field!} {is|=} {me|the current user}`);
  const text = /^'(.*)'$/.exec(value)?.[1];
  if (text !== undefined) {
    const said = /[\\]/.test(text) ? value : random.pick([text, text, value, value, `"${text}"`]);
    return `${field!} ${phrase(random, spoken[operator!]!)} ${said}`;
  }
  if (/^(true|false)$/.test(value)) return phrase(random, `${field!} {=|=|is|is|==} ${value}`);
  if (/^-?[\d.]+$/.test(value)) return `${field!} ${phrase(random, spoken[operator!]!)} ${value}`;
  return condition;
}

/** One of several values, and parts of texts. */
function readableSet(random: Random, condition: string): string {
  const [, field, not, list] = /^([\w.]+) (NOT )?IN \((.*)\)$/.exec(condition) ?? [];
  if (list !== undefined && !/[\\]/.test(list)) {
    const values = list.split(', ').map((value) => value.slice(1, -1));
    if (not === undefined)
      return phrase(
        random,
        `${field!} {is {|either }${values.join(' or ')}|in (${values.join(', ')})|in ${values.join(', ')}|is one of ${values.join(', ')}|IN (${list})}`,
      );
    return phrase(
      random,
      `${field!} {is not ${values.join(' or ')}|not in (${values.join(', ')})|is none of ${values.join(', ')}|NOT IN (${list})}`,
    );
  }
  const [, path, before, part, after] = /^([\w.]+) LIKE '(%?)([^%_\\]+)(%?)'$/.exec(condition) ?? [];
  if (part === undefined) return condition;
  const verb =
    before === ''
      ? '{starts with|starts with|begins with}'
      : after === ''
        ? 'ends with'
        : '{contains|contains|has}';
  return phrase(
    random,
    `${path!} {${verb} {${part}|'${part}'}|${verb} {${part}|'${part}'}|like '${before}${part}${after}'|LIKE '${before}${part}${after}'}`,
  );
}

const shortened: readonly (readonly [RegExp, string])[] = [
  [/Amount__c$/, 'Amt__c'], [/Quantity__c$/, 'Qty__c'], [/Number__c$/, 'No__c'], [/(Percent|Percentage)__c$/, 'Pct__c'], [/Date__c$/, 'Dt__c'],
  [/Count__c$/, 'Cnt__c'], [/Time__c$/, 'Ts__c'], [/Level__c$/, 'Lvl__c'], [/Price__c$/, 'Prc__c'], [/Value__c$/, 'Val__c'], [/Description__c$/, 'Desc__c'],
]; // prettier-ignore
const renamedShare = 0.3;

/** Custom fields under names as orgs have them, `Moisture_Pct__c` or `MoistureLevel__c`, in the request and in the answer. */
function renamed(random: Random, thing: Thing, made: Made): Made {
  if (!random.chance(renamedShare)) return made;
  const isJoined = random.chance(0.4);
  const renameAll = (text: string): string =>
    text.replace(/\b[A-Za-z]\w*__c\b/g, (name) => {
      if (name === thing.api) return name;
      if (isJoined) return name.replace(/_(?!_c$)(?=[A-Z])/g, '');
      return shortened.reduce((short, [pattern, end]) => short.replace(pattern, end), name);
    });
  return { ...made, prompt: renameAll(made.prompt), answer: renameAll(made.answer) };
}
