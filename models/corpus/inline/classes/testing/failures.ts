/** Tests of what must fail, in the two forms that people write. */
import { nameApi } from '../names.js';
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { apex, free, indented, seen } from '../../apex.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { fieldWord } from './records.js';
import { drawHeads, testedClass, timed } from './words.js';

interface Failure {
  readonly name: string;
  /** The argument of the call. */
  readonly value: string;
  /** A part of the exception's message. */
  readonly message: string;
}

/** What is refused, by fields of a record or by arguments. */
function drawFailures(part: Part): readonly Failure[] {
  const { thing } = part;
  const noun = thing.label;
  const own = capitalized(unknownWord(part.random));
  return part.random.sample<Failure>(
    [
      { name: 'rejectsNull', value: 'null', message: part.pick('null', 'missing', 'is required') },
      { name: 'rejectsBlank', value: "''", message: part.pick('blank', 'empty', 'is required') },
      { name: `rejectsUnknown${thing.className}`, value: `'${free(own)}'`, message: own },
      { name: 'rejectsZero', value: '0', message: part.pick('zero', 'positive', 'at least 1') },
      { name: 'rejectsNegative', value: '-1', message: part.pick('negative', 'positive', 'below zero') },
      {
        name: 'rejectsEmptyList',
        value: `new List<${thing.api}>()`,
        message: part.pick(`no ${noun}`, 'empty', 'nothing to do'),
      },
    ],
    part.random.integer(2, 3),
  );
}

/** `'null'`; free where only the message says it. */
function messageOf({ message, value }: Failure): string {
  return value.includes(message) ? `'${message}'` : free(`'${message}'`);
}

/** Each value is refused with an exception: a flag, or a failure behind the call. */
export const refusalTests: Member = (part) => {
  const tested = testedClass(part);
  const heads = drawHeads(part);
  const failures = drawFailures(part);
  const exception = part.pick(
    'IllegalArgumentException',
    `${tested}.InvalidException`,
    `${tested}.${part.thing.className}Exception`,
    'AuraHandledException',
    `${tested}Exception`,
  );
  const method = part.pick('check', 'validate', 'run', 'add', 'register', 'submit', 'reserve', 'find');
  const isOld = part.random.chance(0.4);
  const isTrue = isOld ? 'System.assert' : 'Assert.isTrue';
  const { error } = part.style;
  const form = part.pick('flag', 'fail', 'fail', 'caught', 'message');
  const flag = part.pick('thrown', 'hasThrown', 'wasThrown', 'failed', 'caught');
  const note = part.pick(
    'an exception was expected',
    'should have thrown',
    `${exception.replace(/^.*\./, '')} expected`,
  );
  const fail = isOld ? `System.assert(false, '${note}');` : `Assert.fail('${note}');`;
  const tests = failures.map((failure) => {
    const call = `${seen(tested)}.${seen(method)}(${failure.value});`;
    const checked = `${isTrue}(${error}.getMessage().contains(${messageOf(failure)})${form === 'message' ? `, ${error}.getMessage()` : ''});`;
    const body = {
      flag: apex`
        Boolean ${seen(flag)} = false;
        try {
            ${call}
        } catch (${exception} ${error}) {
            ${flag} = true;
        }
        ${isTrue}(${flag}, ${seen(`'${note}'`)});
      `,
      fail: apex`
        try {
            ${call}
            ${seen(fail)}
        } catch (${exception} ${error}) {
            ${checked}
        }
      `,
      message: apex`
        try {
            ${call}
            ${seen(fail)}
        } catch (${exception} ${error}) {
            ${checked}
        }
      `,
      caught: apex`
        ${exception} ${seen(flag)};
        try {
            ${call}
        } catch (${exception} ${error}) {
            ${flag} = ${error};
        }
        ${isOld ? `System.assertNotEquals(null, ${flag});` : `Assert.isNotNull(${flag});`}
        ${isTrue}(${flag}.getMessage().contains(${messageOf(failure)}));
      `,
    }[form];
    return `${heads.open(failure.name)}\n${indented(body)}\n}`;
  });
  return joinedMembers(...tests);
};

/** A write that a rule refuses, and one that it lets pass. */
export const dmlTests: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['date', 'currency', 'text', 'picklist'])[0];
  if (field === undefined) return null;
  const heads = drawHeads(part);
  const word = fieldWord(field);
  const isOld = part.random.chance(0.4);
  const one = names.one;
  const isResult = part.random.chance(0.5);
  const result = part.pick('result', 'saved', 'sr', 'outcome');
  if (result === one) return null;
  const api = nameApi(part);
  const name = api === '' ? '' : `${seen(api)} = 'A'`;
  const good = `${field.api} = ${free(goodValue(part, field.type))}`;
  const values = (has: boolean): string => [name, has ? good : ''].filter((value) => value !== '').join(', ');
  const made = (has: boolean): string => `${thing.api} ${seen(one)} = new ${thing.api}(${values(has)});`;
  const isTrue = isOld ? 'System.assert' : 'Assert.isTrue';
  const isFalse = (condition: string): string =>
    isOld ? `System.assert(!${condition});` : `Assert.isFalse(${condition});`;
  const equal = isOld ? 'System.assertEquals' : 'Assert.areEqual';
  const saved = `Database.SaveResult ${seen(result)} = Database.insert(${one}, false);`;
  const refused = isResult
    ? `${timed(saved)}\n\n${isFalse(`${result}.isSuccess()`)}\n${isTrue}(${result}.getErrors()[0].getMessage().contains('${field.label}'));`
    : apex`
        try {
            insert ${one};
            ${isOld ? "System.assert(false, 'the insert should fail');" : "Assert.fail('the insert should fail');"}
        } catch (DmlException ${style.error}) {
            ${isTrue}(${style.error}.getDmlMessage(0).contains('${field.label}'));
        }
      `;
  const allowed = isResult
    ? `${timed(saved)}\n\n${isTrue}(${result}.isSuccess());`
    : `insert ${one};\n\n${equal}(1, [SELECT COUNT() FROM ${thing.api}]);`;
  const tests = part.random.shuffled([
    `${heads.open(`refuses${thing.className}Without${word}`)}\n${indented(made(false), '', refused)}\n}`,
    `${heads.open(`accepts${thing.className}With${word}`)}\n${indented(made(true), '', allowed)}\n}`,
  ]);
  return joinedMembers(free(`// The message names the field: ${field.label}`), ...tests);
};

function goodValue(part: Part, type: string): string {
  if (type === 'date') return part.pick('Date.today()', 'Date.today().addDays(1)');
  if (type === 'currency') return String(part.pick(1, 10, 100));
  return `'${capitalized(unknownWord(part.random))}'`;
}
