/** Methods that look at what a write did: results, errors, savepoints, exceptions of their own. */
import { capitalized, pascalCase } from '../../phrase.js';
import { drawThing } from '../../nouns.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { indented, lines, literal, loop, modifiers, relation, when } from './base.js';
import { emptyGuard } from '../members-changes.js';
import { signature, type Member, type Part } from '../part.js';
import { namesOf } from '../style.js';

interface Write {
  readonly verb: string;
  readonly type: string;
  readonly past: string;
}

const writes: readonly Write[] = [
  { verb: 'insert', type: 'SaveResult', past: 'inserted' },
  { verb: 'update', type: 'SaveResult', past: 'updated' },
  { verb: 'delete', type: 'DeleteResult', past: 'deleted' },
  { verb: 'upsert', type: 'UpsertResult', past: 'upserted' },
  { verb: 'undelete', type: 'UndeleteResult', past: 'restored' },
];

function declaredResults(part: Part, write: Write, results: string, list: string): string {
  const type = part.pick(
    `List<Database.${write.type}>`,
    `List<Database.${write.type}>`,
    `Database.${write.type}[]`,
  );
  return `${type} ${seen(results)} = Database.${write.verb}(${list}, false);`;
}

/** Every error of a result, or its first one. */
function eachError(part: Part, result: string, act: (message: string) => string): string {
  const error = part.pick('error', 'err', 'failure', 'dbError', 'problem');
  if (part.random.chance(0.2)) return `${free('')}${act(`${result}.getErrors()[0].getMessage()`)}`;
  return loop('Database.Error', error, `${result}.getErrors()`, act(`${error}.getMessage()`));
}

/** Writes what it can and answers with ids or messages. */
export const savedOrNot: Member = (part) => {
  const { thing, names } = part;
  const write = part.pick(...writes);
  const [results, one] = part.pick(
    ['results', 'result'],
    ['saveResults', 'sr'],
    ['outcomes', 'outcome'],
    ['dbResults', 'res'],
    ['answers', 'answer'],
  ) as [string, string];
  const isIds = part.random.chance(0.5);
  const kept = isIds
    ? part.pick(`${write.past}Ids`, 'savedIds', 'successIds', 'doneIds', `okIds`)
    : part.pick('messages', 'errors', 'failures', 'problems');
  if ([results, one, kept].some((name) => name === names.many || name === names.one)) return null;
  const type = isIds ? part.pick('Set<Id>', 'List<Id>') : 'List<String>';
  const add = (value: string): string => `${kept}.add(${value});`;
  const log = (message: string): string => part.log(message, 'error');
  const success = isIds ? add(`${one}.getId()`) : '';
  const failure = eachError(part, one, isIds ? log : add);
  const body = isIds
    ? part.random.weighted([
        [3, `if (${one}.isSuccess()) {\n${indented(success)}\n} else {\n${indented(failure)}\n}`],
        [1, `${free('')}if (!${one}.isSuccess()) {\n${indented(failure)}\n} else {\n${indented(success)}\n}`],
        [1, `${free('')}if (${one}.isSuccess()) {\n${indented(lines(success, 'continue;'))}\n}\n${failure}`],
        [1, `${free('')}if (${one}.isSuccess()) {\n${indented(success)}\n}`],
      ])
    : part.pick(
        when(`!${one}.isSuccess()`, failure),
        lines(`${free('')}${when(`${one}.isSuccess()`, 'continue;')}`, failure),
      );
  const said = isIds
    ? part.pick(
        `the ids of the ${write.past} ${thing.plural}; errors are logged`,
        `${write.verb}s what it can and returns the ids of what was ${write.past}`,
      )
    : part.pick(
        `${write.verb}s ${thing.plural} and returns the messages of those that failed`,
        `what went wrong, a message for each error`,
      );
  return apex`
    ${part.doc(said, [names.many])}
    ${signature(modifiers(part), type, part.pick(`${write.verb}All`, `${write.verb}${pascalCase(thing.plural)}`, `try${capitalized(write.verb)}`, `${write.verb}WithResults`, `${write.verb}Partially`))}(List<${thing.api}> ${names.newMany}) {
        ${type} ${seen(kept)} = new ${type}();
        ${emptyGuard(part, names.many, kept)}
        ${declaredResults(part, write, results, names.many)}
        ${loop(`Database.${write.type}`, one, results, body)}
        return ${kept};
    }
  `;
};

/** Results and records side by side, by index. */
export const resultsByIndex: Member = (part) => {
  const { thing, names } = part;
  const write = part.pick(...writes.slice(0, 4));
  const results = part.pick('results', 'saveResults', 'outcomes', 'rs');
  const index = part.pick('i', 'i', 'i', 'index', 'n');
  const isGet = part.random.chance(0.25);
  const at = (list: string): string => (isGet ? `${list}.get(${index})` : `${list}[${index}]`);
  const failed = part.pick(
    'failed',
    'failedRecords',
    'rejected',
    'notSaved',
    `failed${pascalCase(thing.plural)}`,
  );
  const form = part.pick('log', 'log', 'failed', 'map', 'addError', 'both');
  const ok = part.pick('saved', 'succeeded', 'done');
  const [type, made, act] = {
    log: [
      'void',
      '',
      part.log(
        `${at(names.many)}.${write.verb === 'insert' ? seen(thing.nameField) : 'Id'} + ${free(part.pick(`': '`, `' failed: '`, `' - '`))} + ${at(results)}.getErrors()`,
        'error',
      ),
    ],
    failed: [
      `List<${thing.api}>`,
      `List<${thing.api}> ${seen(failed)} = new List<${thing.api}>();`,
      `${failed}.add(${at(names.many)});`,
    ],
    map: [
      'Map<Id, String>',
      `Map<Id, String> ${seen(failed)} = new Map<Id, String>();`,
      `${failed}.put(${at(names.many)}.Id, ${at(results)}.getErrors()[0].getMessage());`,
    ],
    addError: ['void', '', `${at(names.many)}.addError(${at(results)}.getErrors()[0].getMessage());`],
    both: [
      `List<${thing.api}>`,
      `List<${thing.api}> ${seen(failed)} = new List<${thing.api}>();\nList<${thing.api}> ${seen(ok)} = new List<${thing.api}>();`,
      '',
    ],
  }[form] as [string, string, string];
  if (form === 'map' && write.verb === 'insert') return null;
  const guarded =
    form === 'both'
      ? `if (${at(results)}.isSuccess()) {\n    ${ok}.add(${at(names.many)});\n} else {\n    ${failed}.add(${at(names.many)});\n}`
      : part.pick(
          when(`!${at(results)}.isSuccess()`, act),
          lines(`${free('')}${when(`${at(results)}.isSuccess()`, 'continue;')}`, act),
        );
  const bound = part.pick(results, results, names.many);
  return apex`
    ${part.doc(form === 'log' ? `${write.verb}s ${thing.plural} and logs those that fail` : form === 'addError' ? `${write.verb}s ${thing.plural}; each that fails gets its error` : `${write.verb}s ${thing.plural} and keeps those that fail`, [names.many])}
    ${signature(modifiers(part), type, part.pick(`${write.verb}AndReport`, `${write.verb}All`, `save${pascalCase(thing.plural)}`, `${write.verb}OneByOne`, `${write.verb}Chunk`))}(List<${thing.api}> ${names.newMany}) {
        ${made}
        ${declaredResults(part, write, results, names.many)}
        for (Integer ${index} = 0; ${index} < ${bound === results ? '' : free('')}${bound}.size(); ${index}++) {
            ${guarded}
        }
        ${form === 'both' ? part.log(`${ok}.size() + ${free(`' saved, '`)} + ${failed}.size() + ${free(`' failed'`)}`) : ''}
        ${type === 'void' ? '' : `return ${failed};`}
    }
  `;
};

/** An exception of the class, thrown by two methods in the same way. */
export const ownException: Member = (part) => {
  const { thing, names, style } = part;
  const type = `${thing.className}${part.pick('Exception', 'SaveException', 'WriteException', 'SyncException', 'ServiceException')}`;
  const { error } = style;
  const first = part.random.sample(writes, part.random.integer(2, 3));
  const message = part.pick(
    `${error}.getMessage()`,
    `${error}.getMessage()`,
    `${error}.getDmlMessage(0)`,
    `${error}.getMessage(), ${error}`,
  );
  const logs = part.random.chance(0.5)
    ? part.log(part.pick(`${error}.getMessage()`, `${error}.getStackTraceString()`), 'error')
    : '';
  const isPoint = part.random.chance(0.3);
  const point = part.pick('sp', 'savepoint', 'beforeWork');
  const back = isPoint ? `Database.rollback(${point});` : '';
  const mods = modifiers(part);
  const method = (write: Write, index: number): string => apex`
    ${part.doc(`${write.verb}s ${thing.plural} or throws`, [names.many])}
    ${signature(mods, 'void', `${write.verb}${pascalCase(thing.plural)}`)}(List<${thing.api}> ${names.newMany}) {
        ${isPoint ? `${index === 0 ? free('') : ''}Savepoint ${seen(point)} = Database.setSavepoint();` : ''}
        ${index === 0 ? free('') : ''}try {
            ${write.verb} ${names.many};
        } catch (DmlException ${error}) {
            ${lines(back, index === 0 && logs !== '' ? free('') + logs : logs, index === 0 ? `${free('')}throw new ${type}(${message});` : `throw new ${type}(${message});`)}
        }
    }
  `;
  return lines(
    `public class ${free(type)} extends Exception {}\n\n${first.map((write, index) => method(write, index)).join('\n\n')}`,
  );
};

/** Two objects written together: all or nothing. */
export const allOrNothing: Member = (part) => {
  const { thing, names, style } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const { error } = style;
  const up = rel.up.thing;
  const point = part.pick('sp', 'savepoint', 'point', 'checkpoint');
  const parent = rel.one;
  const isLooped = part.random.chance(0.7);
  const relate = isLooped
    ? loop(thing.api, names.one, names.many, `${names.one}.${rel.asked} = ${parent}.Id;`)
    : '';
  const end = part.pick(
    `throw ${error};`,
    `throw ${error};`,
    `${free('')}throw new AuraHandledException(${error}.getMessage());`,
    part.log(`${error}.getMessage()`, 'error'),
  );
  const announce = part.comment(
    part.pick(
      'all or nothing',
      'a savepoint before the first change',
      'nothing stays when a part of it fails',
      'to return to when something fails',
    ),
  );
  return apex`
    ${part.doc(`saves the ${up.label} with its ${thing.plural}; when one of them fails, nothing is saved`, [parent, names.many])}
    ${signature(modifiers(part), 'void', part.pick('saveTogether', `create${pascalCase(up.label)}`, 'insertAll', `saveWith${pascalCase(thing.plural)}`, 'commitAll'))}(${up.api} ${seen(parent)}, List<${thing.api}> ${names.newMany}) {
        ${part.random.chance(0.7) ? announce : ''}
        Savepoint ${seen(point)} = Database.setSavepoint();
        try {
            ${free('insert')} ${parent};
            ${relate}
            ${isLooped ? '' : free('')}insert ${names.many};
        } catch (${part.pick('DmlException', 'Exception')} ${error}) {
            ${part.random.chance(0.2) ? part.log(`${error}.getMessage()`, 'error') : ''}
            Database.rollback(${point});
            ${end}
        }
    }
  `;
};

/** Upserts by a key of another system. */
export const upsertByKey: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['text'])[0];
  const value = part
    .settable(2, ['picklist', 'currency', 'text', 'email', 'phone'])
    .find((one) => one.api !== field?.api);
  if (field === undefined || value === undefined || !field.api.endsWith('__c')) return null;
  const isFor = part.pick('verb', 'database', 'results');
  const source = part.pick('valuesByKey', 'rows', 'imported', 'byKey', 'incoming');
  const key = part.pick('key', 'externalId', 'reference');
  const constant = constantName(field.label, 'field');
  const hasConstant = isFor !== 'verb' && part.random.chance(0.5);
  const fieldRef = hasConstant ? constant : `${thing.api}.Fields.${field.api}`;
  const type = value.type === 'currency' ? 'Decimal' : 'String';
  const record = part.random.chance(0.5)
    ? `${names.many}.add(new ${thing.api}(${field.api} = ${key}, ${free(value.api)} = ${source}.get(${key})));`
    : lines(
        `${thing.api} ${names.newOne} = new ${thing.api}();`,
        `${names.one}.${field.api} = ${key};`,
        `${names.one}.${free(value.api)} = ${source}.get(${key});`,
        `${names.many}.add(${names.one});`,
      );
  const last = {
    verb: `upsert ${names.many} ${field.api};`,
    database: `Database.upsert(${names.many}, ${fieldRef}, false);`,
    results: lines(
      `List<Database.UpsertResult> ${seen('results')} = Database.upsert(${names.many}, ${fieldRef}, false);`,
      loop('Database.UpsertResult', part.pick('result', 'ur', 'res'), 'results', '%act%'),
    ),
  }[isFor];
  const variable = /UpsertResult ‹(\w+)› :/.exec(last)?.[1] ?? 'result';
  const act = part.pick(
    `if (${variable}.isCreated()) {\n        created++;\n    }`,
    `if (!${variable}.isSuccess()) {\n        failures.add(${variable}.getErrors()[0].getMessage());\n    }`,
  );
  const counted =
    isFor !== 'results'
      ? ''
      : act.includes('created')
        ? 'Integer created = 0;'
        : 'List<String> failures = new List<String>();';
  const head = hasConstant
    ? `private static final Schema.SObjectField ${seen(constant)} = ${thing.api}.Fields.${seen(field.api)};\n\n`
    : '';
  const returned = counted === '' ? '' : act.includes('created') ? 'Integer' : 'List<String>';
  return `${head}${apex`
    ${part.doc(`upserts ${thing.plural} by their ${field.label}`, [source])}
    ${signature(hasConstant ? 'public static' : modifiers(part), returned === '' ? 'void' : returned, part.pick(`upsertBy${pascalCase(field.label)}`, `sync${pascalCase(thing.plural)}`, 'importRows', 'load'))}(Map<String, ${type}> ${seen(source)}) {
        ${counted === '' ? '' : free('') + counted}
        List<${thing.api}> ${names.newMany} = new List<${thing.api}>();
        ${loop('String', key, `${source}.keySet()`, record)}
        ${last.replace('%act%', act)}
        ${returned === '' ? '' : `return ${returned === 'Integer' ? 'created' : 'failures'};`}
    }
  `}`;
};

/** One record of another object for each, in one list, written once after the loop. */
export const oneForEach: Member = (part) => {
  const { thing, names, random, style } = part;
  const other = drawThing(part.draw, { without: thing.api, isCustom: random.chance(0.75) });
  const called = namesOf({ ...style, ownNoun: null }, other);
  const one = part.pick(other.one, called.one, 'created', 'entry');
  const many = part.pick(
    `${other.many}`,
    `new${pascalCase(other.plural)}`,
    'toInsert',
    'created' === one ? 'records' : 'created',
  );
  if ([one, many].some((name) => name === names.one || name === names.many) || one === many) return null;
  const fields = other.fields
    .filter(
      ({ type, api }) => ['picklist', 'date', 'checkbox', 'currency'].includes(type) && api.endsWith('__c'),
    )
    .slice(0, random.integer(1, 3));
  for (const { api } of fields) part.draw.noteField(other.api, api);
  const lookup = `${thing.api.replace(/__c$/, '')}__c`;
  const values = [
    `${free(lookup)} = ${names.one}.Id`,
    ...fields.map((field) => `${free(field.api)} = ${free(literal(part, field))}`),
  ];
  if (random.chance(0.3)) values.push(`OwnerId = ${names.one}.${free('')}OwnerId`);
  const making = part.pick(
    `${many}.add(new ${other.api}(${values.join(', ')}));`,
    apex`
      ${free('')}${many}.add(new ${other.api}(
          ${values.map((value, index) => value + (index === values.length - 1 ? '' : ','))}
      ));
    `,
    lines(
      `${other.api} ${seen(one)} = new ${other.api}();`,
      ...values.map((value) => `${one}.${value};`),
      `${many}.add(${one});`,
    ),
    lines(
      `${free('')}${other.api} ${seen(one)} = new ${other.api}(${values.join(', ')});`,
      `${many}.add(${one});`,
    ),
  );
  const end = part.comment(
    part.pick(
      'one DML for all of them',
      'insert them together',
      `save the ${other.plural}`,
      'a single write after the loop',
    ),
  );
  const insert = part.random.weighted([
    [3, `insert ${many};`],
    [1, `${free('')}${when(`!${many}.isEmpty()`, `insert ${many};`)}`],
    [1, `${free('')}Database.insert(${many}, false);`],
  ]);
  const word = random.chance(0.1) ? pascalCase(unknownWord(random)) : pascalCase(other.plural);
  return apex`
    ${part.doc(`one ${other.label} for each ${thing.label}`, [names.many])}
    ${signature(modifiers(part), 'void', part.pick(`create${word}`, `add${word}`, `open${word}`, `prepare${word}`))}(List<${thing.api}> ${names.newMany}) {
        List<${other.api}> ${seen(many)} = new List<${other.api}>();
        ${loop(thing.api, names.one, names.many, making)}
        ${part.random.chance(0.6) ? end : ''}
        ${insert}
    }
  `;
};
