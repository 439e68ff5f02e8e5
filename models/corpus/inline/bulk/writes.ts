/** Methods that write all or nothing, by a key, one for each record, or with exceptions of their own. */
import { drawThing } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { signature, type Member } from '../part.js';
import { namesOf } from '../style.js';
import { addedInLines, joinedMembers, lines, literal, loop, modifiers, relation } from './base.js';
import { writes, type Write } from './results.js';

/** An exception of the class, thrown by each of its methods in the same way. */
export const ownException: Member = (part) => {
  const { thing, names, style } = part;
  const type = `${thing.className}${part.pick('Exception', 'SaveException', 'WriteException', 'SyncException', 'ServiceException')}`;
  const { error } = style;
  const chosen = part.random.sample(writes, part.random.integer(2, 3));
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
  const shared = modifiers(part);
  const method = ({ verb }: Write, index: number): string => {
    const first = index === 0 ? free('') : '';
    return apex`
      ${part.doc(`${verb}s ${thing.plural} or throws`, [names.many])}
      ${signature(shared, 'void', `${verb}${pascalCase(thing.plural)}`)}(List<${thing.api}> ${names.newMany}) {
          ${isPoint ? `${first}Savepoint ${seen(point)} = Database.setSavepoint();` : ''}
          ${first}try {
              ${verb} ${names.many};
          } catch (DmlException ${error}) {
              ${lines(back, logs === '' ? '' : `${first}${logs}`, `${first}throw new ${type}(${message});`)}
          }
      }
    `;
  };
  return joinedMembers(`public class ${free(type)} extends Exception {}`, ...chosen.map(method));
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
  const doc = part.doc(
    `saves the ${up.label} with its ${thing.plural}; when one of them fails, nothing is saved`,
    [parent, names.many],
  );
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      'saveTogether',
      `create${pascalCase(up.label)}`,
      'insertAll',
      `saveWith${pascalCase(thing.plural)}`,
      'commitAll',
    ),
  );
  return apex`
    ${doc}
    ${head}(${up.api} ${seen(parent)}, List<${thing.api}> ${names.newMany}) {
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
  const form = part.pick('verb', 'database', 'results');
  const source = part.pick('valuesByKey', 'rows', 'imported', 'byKey', 'incoming');
  const key = part.pick('key', 'externalId', 'reference');
  const constant = constantName(field.label, 'field');
  const hasConstant = form !== 'verb' && part.random.chance(0.5);
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
  const one = part.pick('result', 'ur', 'res');
  const created = {
    name: 'created',
    type: 'Integer',
    start: '0',
    act: when(`${one}.isCreated()`, 'created++;'),
  };
  const failures = {
    name: 'failures',
    type: 'List<String>',
    start: 'new List<String>()',
    act: when(`!${one}.isSuccess()`, `failures.add(${one}.getErrors()[0].getMessage());`),
  };
  const kept = part.pick(created, failures);
  const isKept = form === 'results';
  const upserted = `Database.upsert(${names.many}, ${fieldRef}, false);`;
  const last = {
    verb: `upsert ${names.many} ${field.api};`,
    database: upserted,
    results: lines(
      `List<Database.UpsertResult> ${seen('results')} = ${upserted}`,
      loop('Database.UpsertResult', one, 'results', kept.act),
    ),
  }[form];
  const doc = part.doc(`upserts ${thing.plural} by their ${field.label}`, [source]);
  const head = signature(
    hasConstant ? 'public static' : modifiers(part),
    isKept ? kept.type : 'void',
    part.pick(`upsertBy${pascalCase(field.label)}`, `sync${pascalCase(thing.plural)}`, 'importRows', 'load'),
  );
  const method = apex`
    ${doc}
    ${head}(Map<String, ${type}> ${seen(source)}) {
        ${isKept ? `${free('')}${kept.type} ${kept.name} = ${kept.start};` : ''}
        List<${thing.api}> ${names.newMany} = new List<${thing.api}>();
        ${loop('String', key, `${source}.keySet()`, record)}
        ${last}
        ${isKept ? `return ${kept.name};` : ''}
    }
  `;
  const declared = `private static final Schema.SObjectField ${seen(constant)} = ${thing.api}.Fields.${seen(field.api)};`;
  return joinedMembers(hasConstant ? declared : '', method);
};

/** One record of another object for each, in one list, written once after the loop. */
export const oneForEach: Member = (part) => {
  const { thing, names, random, style } = part;
  const other = drawThing(part.draw, { without: thing.api, isCustom: random.chance(0.75) });
  const called = namesOf({ ...style, ownNoun: null }, other);
  const one = part.pick(other.one, called.one, 'created', 'entry');
  const many = part.pick(
    other.many,
    `new${pascalCase(other.plural)}`,
    'toInsert',
    one === 'created' ? 'records' : 'created',
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
    `${free('')}${addedInLines(many, other.api, values)}`,
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
  const doc = part.doc(`one ${other.label} for each ${thing.label}`, [names.many]);
  const head = signature(
    modifiers(part),
    'void',
    part.pick(`create${word}`, `add${word}`, `open${word}`, `prepare${word}`),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        List<${other.api}> ${seen(many)} = new List<${other.api}>();
        ${loop(thing.api, names.one, names.many, making)}
        ${part.random.chance(0.6) ? end : ''}
        ${insert}
    }
  `;
};
