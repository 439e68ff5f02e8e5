/** Tests that insert records, run what is tested on them, read them again and look at what became of them. */
import { nameApi } from '../names.js';
import type { Field } from '../../../nouns.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { joinedMembers, literal } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { isReserved } from '../../style.js';
import { drawAsserts, drawHeads, testedClass, timed, type Asserts } from './words.js';

/** What a run does to a field, as tests' names say it: the value before, and the one after. */
interface Effect {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** `doubleAmount` for `doublesAmount`; '' where one run of the class decides by other fields. */
function methodOf(name: string, { type }: Field): string {
  return /picklist|checkbox/.test(type) ? '' : name.replace(/^([a-z]+)s(?=[A-Z])/, '$1');
}

/** `Status__c` → `Status`. */
export function fieldWord(field: Field): string {
  return pascalCase(field.label);
}

/** Effects on one field, each told by its name. */
function effectsOn(part: Part, field: Field): readonly Effect[] {
  const word = fieldWord(field);
  const amount = part.pick(10, 20, 40, 50, 100, 120, 200, 500);
  switch (field.type) {
    case 'checkbox':
      return [
        { name: `sets${word}`, before: '', after: 'true' },
        { name: `doesNotSet${word}`, before: '', after: 'false' },
        { name: `clears${word}`, before: 'true', after: 'false' },
        { name: `keeps${word}`, before: 'true', after: 'true' },
      ];
    case 'currency':
    case 'integer':
      return [
        { name: `doubles${word}`, before: String(amount), after: String(amount * 2) },
        { name: `halves${word}`, before: String(amount), after: String(amount / 2) },
        { name: `resets${word}ToZero`, before: String(amount), after: '0' },
        { name: `clears${word}`, before: String(amount), after: 'null' },
        { name: `sets${word}ToZeroWhenEmpty`, before: '', after: '0' },
      ];
    case 'date':
      return [
        { name: `sets${word}ToToday`, before: '', after: 'Date.today()' },
        { name: `moves${word}ByAWeek`, before: 'Date.today()', after: 'Date.today().addDays(7)' },
        { name: `moves${word}ToTomorrow`, before: 'Date.today()', after: 'Date.today().addDays(1)' },
        { name: `clears${word}`, before: 'Date.today()', after: 'null' },
      ];
    case 'picklist':
      return field.values
        .filter((value) => !value.includes("'"))
        .map((value) => ({
          name: `sets${word}To${pascalCase(value.replace(/[^A-Za-z0-9 ]+/g, ' '))}`,
          before: '',
          after: `'${value}'`,
        }));
    default:
      return [];
  }
}

/** Names for one record that no type of the file has. */
function recordName(part: Part): string {
  const { thing, names } = part;
  const name = part.pick(names.one, names.one, 'rec', 'record', thing.one, 'sample', 'subject', 'row');
  return isReserved(name) ? 'rec' : name;
}

/** The assertion for a field's value. */
function saidOf(asserts: Asserts, after: string, actual: string, name: string): string {
  if (after === 'true') return asserts.isTrue(actual, name);
  if (after === 'false') return asserts.isFalse(actual, name);
  return after === 'null' ? asserts.isNull(actual, name) : asserts.equal(after, actual, name);
}

/** A new record, its values in one line or one to a line. */
function newRecord(type: string, values: readonly string[], isLong: boolean): string {
  return isLong && values.length > 1
    ? `new ${type}(\n${indented(values.join(',\n'))}\n)`
    : `new ${type}(${values.join(', ')})`;
}

/** The name's value, where one may be set. */
function nameValue(part: Part): readonly string[] {
  const api = nameApi(part);
  return api === '' ? [] : [`${seen(api)} = ${free(`'${capitalized(part.thing.label)} A'`)}`];
}

interface Run {
  /** The statement that runs what is tested. */
  readonly call: (one: string, method: string) => string;
}

function drawRun(part: Part): Run {
  const tested = testedClass(part);
  const method = part.pick('run', 'apply', 'check', 'process', 'recalculate', 'handle', 'refresh', 'execute');
  const argument = part.pick('id', 'id', 'record', 'list', 'set');
  return {
    call: (one, own) => {
      const value = {
        id: `${one}.Id`,
        record: one,
        list: `new List<${part.thing.api}>{ ${one} }`,
        set: `new Set<Id>{ ${one}.Id }`,
      }[argument];
      return `${seen(tested)}.${own === '' ? seen(method) : own}(${value});`;
    },
  };
}

/** Arrange, act, assert: two or three tests of what a run does to one field. */
export const effectTests: Member = (part) => {
  const { thing } = part;
  const field = part.settable(1, ['checkbox', 'currency', 'integer', 'date', 'picklist'])[0];
  if (field === undefined) return null;
  const effects = part.random.sample(effectsOn(part, field), part.random.integer(2, 3));
  if (effects.length === 0) return null;
  const other = part.settable(2).find(({ api, type }) => api !== field.api && type !== 'reference');
  const one = recordName(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const { call } = drawRun(part);
  const isAgain = part.random.chance(0.5);
  const again = isAgain ? one : part.pick('updated', 'reloaded', 'after', 'actual', 'saved');
  const hasLabels = part.random.chance(0.2);
  const isLong = part.random.chance(0.3);
  const label = (text: string): string => (hasLabels ? free(`// ${text}`) : '');
  const tests = effects.map(({ name, before, after }) => {
    const values = [
      ...nameValue(part),
      ...(other === undefined ? [] : [`${free(other.api)} = ${free(literal(part, other))}`]),
      ...(before === '' ? [] : [`${field.api} = ${free(before)}`]),
    ];
    return apex`
      ${heads.open(name)}
          ${label('given')}
          ${thing.api} ${seen(one)} = ${newRecord(thing.api, values, isLong)};
          insert ${one};

          ${label('when')}
          ${timed(call(one, methodOf(name, field)))}

          ${label('then')}
          ${isAgain ? '' : `${thing.api} `}${isAgain ? one : seen(again)} = [SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE Id = :${one}.Id];
          ${saidOf(asserts, after, `${again}.${field.api}`, name)}
      }
    `;
  });
  return joinedMembers(...tests);
};

/** Two hundred records in one go, each looked at afterwards. */
export const bulkTests: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['checkbox', 'currency', 'picklist', 'date'])[0];
  const tested = testedClass(part);
  if (field === undefined) return null;
  const [effect] = part.random.sample(
    effectsOn(part, field).filter(({ name }) => !/^(doesNot|keeps)/.test(name)),
    1,
  );
  if (effect === undefined) return null;
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const count = part.pick('200', '200', '200', '251', '50');
  const hasConstant = part.random.chance(0.4);
  const size = hasConstant ? part.pick('BULK', 'BATCH_SIZE', 'COUNT', 'RECORDS') : count;
  const many = part.pick(names.many, 'records', `new${capitalized(thing.many)}`, 'toInsert');
  const one = part.pick('rec', 'row', 'updated', 'item');
  const call = `${tested}.${part.pick('run', 'apply', 'processAll', 'handle')}`;
  const isMap = part.random.chance(0.4);
  const api = nameApi(part);
  const name = api === '' ? '' : `${free(api)} = ${free(`'${capitalized(thing.label)} '`)} + i`;
  const before = effect.before === '' ? '' : `${field.api} = ${free(effect.before)}`;
  const values = [name, before].filter((value) => value !== '').join(', ');
  if (many === one || many.toLowerCase() === thing.api.toLowerCase()) return null;
  const counted = part.random.chance(0.6)
    ? `${free('')}${asserts.equal(size, `[SELECT COUNT() FROM ${thing.api}${effect.after.includes('(') || effect.after === 'null' ? '' : ` WHERE ${field.api} = ${effect.after}`}]`)}`
    : `for (${thing.api} ${seen(one)} : [SELECT ${seen(field.api)} FROM ${thing.api}${isMap ? ` WHERE Id IN :${many}` : ''}]) {\n${indented(saidOf(asserts, effect.after, `${one}.${field.api}`, effect.name))}\n}`;
  return apex`
    ${hasConstant ? `private static final Integer ${seen(size)} = ${free(count)};\n` : ''}
    ${heads.open(`${effect.name}${part.pick('InBulk', 'OfMany', 'ForAll')}`)}
        List<${thing.api}> ${seen(many)} = new List<${thing.api}>();
        for (Integer i = 0; i < ${hasConstant ? size : free(size)}; i++) {
            ${many}.add(new ${thing.api}(${values}));
        }
        insert ${many};

        ${timed(`${free(call)}(${isMap ? `new Map<Id, ${thing.api}>(${many}).keySet()` : many});`)}

        ${counted}
    }
  `;
};

/** Records with amounts are inserted, and the total must be their sum. */
export const sumTests: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['currency', 'integer'])[0];
  if (field === undefined) return null;
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const tested = testedClass(part);
  const isFraction = part.random.chance(0.4);
  const drawn = (): number =>
    isFraction ? part.random.integer(1, 40) / 2 : part.random.integer(1, 20) * part.pick(1, 5, 10);
  const values = Array.from({ length: part.random.integer(2, 3) }, drawn);
  const sum = values.reduce((total, value) => total + value, 0);
  const most = Math.max(...values);
  const least = Math.min(...values);
  const word = fieldWord(field);
  const many = part.pick(names.many, names.many, 'records', 'rows', 'samples');
  const isPassed = part.random.chance(0.4);
  const local = part.pick('actual', 'total', 'result');
  const form = part.pick('inline', 'local', 'both');
  const questions = part.random
    .shuffled([
      [`findsTotal${word}`, `total${word}`, sum],
      [`findsLargest${word}`, `largest${word}`, most],
      [`findsSmallest${word}`, `smallest${word}`, least],
    ] as const)
    .slice(0, part.random.integer(1, 2));
  const letters = ['A', 'B', 'C'];
  const api = nameApi(part);
  const rows = values.map((value, index) => {
    const name = api === '' ? '' : `${seen(api)} = '${letters[index]!}', `;
    return `new ${thing.api}(${name}${field.api} = ${free(String(value))})`;
  });
  const hasSetup = !isPassed && part.random.chance(0.5);
  const made = `List<${thing.api}> ${seen(many)} = new List<${thing.api}>{\n${indented(rows.join(',\n'))}\n};`;
  const inserted = hasSetup || !isPassed ? `insert ${many};` : '';
  const setup = `@TestSetup\nstatic void ${free(part.pick('setup', 'makeData', 'createRecords'))}() {\n${indented(`${made}\n${inserted}`)}\n}`;
  const type = isFraction || field.type === 'currency' ? 'Decimal' : 'Integer';
  const tests = questions.map(([name, method, value]) => {
    const call = `${seen(tested)}.${method}(${isPassed ? many : ''})`;
    const checked = {
      inline: asserts.equal(String(value), call, name),
      local: `${type} ${seen(local)} = ${call};\n\n${asserts.equal(String(value), local, name)}`,
      both: `${type} expected = ${value};\n${type} ${seen(local)} = ${call};\n${asserts.equal('expected', local, name)}`,
    }[form];
    return `${heads.open(name)}\n${indented(...(hasSetup ? [] : [made, ...(inserted === '' ? [] : [inserted]), '']), checked)}\n}`;
  });
  return joinedMembers(hasSetup ? setup : '', ...tests);
};
