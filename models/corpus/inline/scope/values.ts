/** Values that methods write into records: parameters that are given, constants declared above. */
import { pascalCase } from '../../phrase.js';
import { apex, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member } from '../part.js';
import {
  areDistinct,
  declaredInOrder,
  drawPicklist,
  forRecords,
  opened,
  recordParameter,
  textConstant,
  told,
} from './words.js';

/** Parameters written into records, as the sentence above says. */
export const givenValues: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3), [
    'picklist',
    'text',
    'date',
    'checkbox',
    'currency',
  ]);
  const hasOwner = part.random.chance(0.4);
  if (fields.length === 0) return null;
  const owner = part.pick('userId', 'ownerId', 'newOwnerId', 'assigneeId', 'queueId');
  const ofFields = fields.map((field) => ({
    type: apexType(field),
    name: part.pick(
      variableOf(field, part),
      `new${pascalCase(field.label)}`,
      `given${pascalCase(field.label)}`,
    ),
    api: field.api,
    label: field.label,
  }));
  const ofOwner = { type: 'Id', name: owner, api: 'OwnerId', label: 'owner' };
  const parameters = hasOwner ? [...ofFields, ofOwner] : ofFields;
  if (!areDistinct([names.one, names.many, ...parameters.map(({ name }) => name)])) return null;
  const order = part.random.chance(0.6) ? parameters : part.random.shuffled(parameters);
  const isList = part.random.chance(0.6);
  const skipsNulls = part.random.chance(0.25);
  const isSaved = isList && part.random.chance(0.5);
  const lines = order.map(({ name, api }) => {
    const set = `${names.one}.${api} = ${name};`;
    return skipsNulls ? when(`${name} != null`, set) : set;
  });
  const verb = part.pick('sets', 'changes', 'overwrites');
  const labels = order.map(({ label }) => `the ${label}`).join(' and ');
  const english = `${verb} ${labels} to what is given${skipsNulls ? ', nulls are left out' : ''}`;
  const given = parameters.map(({ type, name }) => `${type} ${seen(name)}`);
  return apex`
    ${told(part, english, [isList ? names.many : names.one, ...parameters.map(({ name }) => name)])}
    ${opened(part, 'void', part.pick('assign', 'apply', 'setValues', `change${thing.className}`, 'overwrite', 'fill'))}(${[recordParameter(part, isList), ...given].join(', ')}) {
        ${forRecords(part, isList, lines)}
        ${isSaved ? `update ${names.many};` : ''}
    }
  `;
};

/** Constants of a field's values, assigned by methods that say which. */
export const assignedConstants: Member = (part) => {
  const { names } = part;
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const chosen = part.random.sample(values, part.random.integer(2, 3));
  const nameOf = (value: string): string => `${constantName(field.label)}_${constantName(value)}`;
  const stamp = part.settable(1, ['date', 'datetime'])[0];
  const now = stamp?.type === 'date' ? 'Date.today()' : 'System.now()';
  const isList = part.random.chance(0.6);
  const isSaved = isList && part.random.chance(0.6);
  const hasStamp = stamp !== undefined && part.random.chance(0.4);
  const isSkipping = part.random.chance(0.3) && isList;
  const methods = chosen.map((value) => {
    const constant = nameOf(value);
    const target = `${names.one}.${field.api}`;
    const lines = [
      ...(isSkipping ? [when(`${target} == ${constant}`, 'continue;')] : []),
      `${target} = ${constant};`,
      ...(hasStamp ? [`${names.one}.${stamp.api} = ${now};`] : []),
    ];
    const english = `sets the ${field.label} to ${constant}${hasStamp ? ` and the ${stamp.label} to now` : ''}${isSkipping ? ', where it is not yet' : ''}`;
    return apex`
      ${told(part, english, [isList ? names.many : names.one])}
      ${opened(part, 'void', `${part.pick('markAs', 'setTo', 'moveTo', 'make')}${pascalCase(constantName(value).toLowerCase())}`)}(${recordParameter(part, isList)}) {
          ${forRecords(part, isList, lines)}
          ${isSaved ? `update ${names.many};` : ''}
      }
    `;
  });
  return [
    declaredInOrder(
      part,
      chosen.map((value) => textConstant(nameOf(value), value)),
    ),
    ...methods,
  ].join('\n\n');
};
