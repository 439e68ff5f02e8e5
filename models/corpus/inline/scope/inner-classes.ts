/** Classes inside a class that implement what the platform asks for: iterators and value objects. */
import { apex, free, indented, seen, when } from '../apex.js';
import { apexType, variableOf, type Member } from '../part.js';
import { self, told, type Pair } from './words.js';

/** An iterator over a list: where it is and what comes next. */
export const iterator: Member = (part) => {
  const { thing } = part;
  const type = part.pick(thing.api, 'String', thing.api, 'Id');
  const items = part.pick('items', 'records', 'elements', 'values', 'source');
  const index = part.pick('index', 'position', 'cursor', 'current', 'pointer');
  const name = part.pick(`${thing.className}Iterator`, 'ItemIterator', 'CursorIterator');
  const at = self(part);
  const isChunk = part.random.chance(0.35);
  const size = part.pick('size', 'chunkSize', 'pageSize');
  const element = isChunk ? `List<${type}>` : type;
  const next = part.pick('one', 'item', 'result');
  const chunk = part.pick('chunk', 'page', 'slice');
  const isThrowing = part.random.chance(0.4);
  const advance = `${at}${index}++;`;
  const present = `${at}${items}[${at}${index}]`;
  const itemSteps = (): readonly string[] =>
    part.random.chance(0.5)
      ? [`${free('')}return ${at}${items}[${at}${index}++];`]
      : [`${free('')}${type} ${seen(next)} = ${present};`, advance, `return ${next};`];
  const steps = isChunk
    ? [
        `List<${type}> ${seen(chunk)} = new List<${type}>();`,
        `while (hasNext() && ${chunk}.size() < ${at}${size}) {`,
        indented(`${chunk}.add(${present});`, advance),
        '}',
        `return ${chunk};`,
      ]
    : itemSteps();
  const end = `throw new NoSuchElementException(${free("'No more'")});`;
  return apex`
    ${told(part, isChunk ? 'goes through a list in chunks of a given size' : 'goes through a list from its start')}
    public class ${seen(name)} implements Iterator<${element}> {
        private List<${type}> ${seen(items)};
        ${isChunk ? `private Integer ${seen(size)};` : ''}
        private Integer ${seen(index)} = 0;

        public ${name}(List<${type}> ${items}${isChunk ? `, Integer ${size}` : ''}) {
            this.${items} = ${items};
            ${isChunk ? `this.${size} = ${size};` : ''}
        }

        public Boolean hasNext() {
            return ${at}${index} < ${at}${items}.size();
        }

        public ${element} next() {
            ${isThrowing ? when('!hasNext()', end) : ''}
            ${steps}
        }
    }
  `;
};

/** A value that is equal to another when all of it is: equals, hashCode, toString. */
export const valueObject: Member = (part) => {
  const fields = part.settable(part.random.integer(2, 3), [
    'text',
    'currency',
    'date',
    'picklist',
    'integer',
  ]);
  if (fields.length < 2) return null;
  const properties = fields.map((field): Pair => [apexType(field), variableOf(field, part)]);
  const type = part.pick('Key', `${part.thing.className}Key`, 'Identity', 'Position', 'Criteria');
  const [other, that] = part.pick<Pair>(
    ['obj', 'other'],
    ['other', 'that'],
    ['o', 'that'],
    ['another', 'that'],
  );
  if (properties.some(([, name]) => name === that || name === other)) return null;
  const prime = part.pick('31', '17', '37');
  const hash = part.pick('hash', 'code', 'result');
  const hasTypeTest = part.random.chance(0.5);
  const tests = properties.map(([, name]) => `this.${name} == ${that}.${name}`).join(' && ');
  const separator = part.pick("'|'", "'-'", "' / '", "':'");
  const cast = `${type} ${seen(that)} = (${type}) ${other};`;
  const joined = properties.map(([, name]) => `this.${name}`).join(` + ${separator} + `);
  const toText = `${told(part, `the parts, with ${separator} between them`)}\npublic override String toString() {\n    return ${joined};\n}`;
  return apex`
    ${told(part, `equal when ${fields.map(({ label }) => label).join(' and ')} are equal`)}
    public class ${seen(type)} {
        ${properties.map(([kind, name]) => `private ${kind} ${seen(name)};`)}

        public ${type}(${properties.map(([kind, name]) => `${kind} ${name}`).join(', ')}) {
            ${properties.map(([, name]) => `this.${name} = ${name};`)}
        }

        public Boolean equals(Object ${seen(other)}) {
            ${free('')}${hasTypeTest ? [when(`!(${other} instanceof ${type})`, 'return false;'), cast] : cast}
            return ${tests};
        }

        public Integer hashCode() {
            Integer ${seen(hash)} = ${free(prime)};
            ${properties.map(([, name]) => `${hash} = ${prime} * ${hash} + (this.${name} == null ? 0 : System.hashCode(this.${name}));`)}
            return ${hash};
        }
        ${part.random.chance(0.4) ? `\n${toText}` : ''}
    }
  `;
};
