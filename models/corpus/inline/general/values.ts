/** Inner classes that hold values: plain ones, and such that are built by chained setters. */
import { camelCase, capitalized } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import {
  declaredOf,
  drawClass,
  drawProperties,
  innerClass,
  propertyParameters,
  type Property,
} from './inner-classes.js';
import { freeFirst, fresh, spoken, told } from './words.js';

/** A constructor that takes every property. */
function constructorOf(name: string, properties: readonly Property[]): string {
  return apex`
    public ${name}(${propertyParameters(properties)}) {
        ${properties.map((one) => `this.${one.name} = ${one.name};`)}
    }
  `;
}

/** Writes a class of members with a constructor and small methods that look at the members. */
export const valueClass: Member = (part) => {
  const name = drawClass(part);
  const properties = drawProperties(part, part.random.integer(2, 4));
  if (properties.some((one) => one.name.toLowerCase() === name.toLowerCase())) return null;
  const ending = part.pick(';', ' { get; set; }', ' { get; private set; }');
  const access = ending === ';' ? part.pick('private', 'public') : 'public';
  const self = part.pick('this.', '');
  const that = part.pick('that', 'another', `other${name}`);
  const missing = ({ type, name: own }: Property): string =>
    type === 'String' ? `String.isBlank(${self}${own})` : `${self}${own} == null`;
  const given = ({ type, name: own }: Property): string =>
    type === 'String' ? `String.isNotBlank(${self}${own})` : `${self}${own} != null`;
  const equal = properties.map((one) => `this.${one.name} == ${that}.${one.name}`);
  const object = part.pick('other', 'o', 'candidate');
  const ways: readonly (() => string)[] = [
    () => apex`
      ${told(part, part.pick('whether nothing is set', 'true if all members are empty', 'is there nothing in it?'))}
      ${free('public Boolean isEmpty')}() {
          return ${properties.map(missing).join(' && ')};
      }
    `,
    () => apex`
      ${told(part, part.pick('whether all members are set', 'true when every member has a value', 'is nothing missing?'))}
      ${free(`public Boolean ${part.pick('isValid', 'isComplete')}`)}() {
          return ${properties.map(given).join(' && ')};
      }
    `,
    () => apex`
      ${free('public')} Boolean equals(Object ${seen(object)}) {
          if (!(${object} instanceof ${name})) {
              return false;
          }
          ${name} ${seen(that)} = (${name}) ${object};
          return ${equal.join(' && ')};
      }
    `,
    () => apex`
      ${told(part, part.pick('a copy with the same members', 'the same once more', 'gives an independent copy'))}
      ${free('public')} ${name} ${free(part.pick('copy', 'duplicate', 'copied'))}() {
          return new ${name}(${properties.map((one) => `${self}${one.name}`).join(', ')});
      }
    `,
    () => apex`
      ${free('public')} override String toString() {
          return ${properties.map((one, index) => `'${index === 0 ? `${name}: ` : ', '}${one.name}=' + ${self}${one.name}`).join(' + ')};
      }
    `,
    () =>
      properties
        .map(
          (one, index) => apex`
      ${freeFirst(index, 'public')} ${one.type} get${capitalized(one.name)}() {
          return ${self}${one.name};
      }
    `,
        )
        .join('\n\n'),
  ];
  const methods = part.random.sample(ways, part.random.integer(1, 2)).map((way) => way());
  return innerClass(
    part,
    free(name),
    declaredOf(part, properties, ending, access),
    constructorOf(name, properties),
    ...methods,
  );
};

/** Writes setters that can be chained, and mostly a use of them. */
export const chainedClass: Member = (part) => {
  const name = drawClass(
    part,
    'Query',
    'Filter',
    'Message',
    'Options',
    'Settings',
    'Criteria',
    'Label',
    'Draft',
  );
  const properties = drawProperties(part, part.random.integer(2, 4));
  const verb = part.pick('with', 'set', 'having', 'by', 'with');
  const setters = properties.map(
    (one, index) => apex`
    ${freeFirst(index, 'public')} ${name} ${freeFirst(index, `${verb}${capitalized(one.name)}`)}(${one.type} ${one.name}) {
        this.${one.name} = ${one.name};
        return this;
    }
  `,
  );
  const created = fresh(
    part,
    properties.map((one) => one.name),
    camelCase(name),
    'made',
    'built',
    'prepared',
  );
  const parameters = part.random.shuffled(properties);
  const use = apex`
    ${told(part, `makes a ${spoken(name).toLowerCase()} of ${properties.map((one) => spoken(one.name)).join(', ')}`)}
    ${free(`${part.style.access} static`)} ${name} ${free(`${part.pick('make', 'create', 'build', 'new')}${name}`)}(${propertyParameters(parameters)}) {
        ${
          part.random.chance(0.5)
            ? `return new ${name}()\n    ${parameters.map((one) => `.${verb}${capitalized(one.name)}(${one.name})`).join('\n    ')};`
            : `${name} ${seen(created)} = new ${name}();\n${parameters.map((one) => `${created}.${verb}${capitalized(one.name)}(${one.name});`).join('\n')}\nreturn ${created};`
        }
    }
  `;
  const holder = innerClass(
    part,
    free(name),
    declaredOf(part, properties, ';', 'private', false),
    ...setters,
  );
  return part.random.chance(0.6) ? `${holder}\n\n${use}` : holder;
};
