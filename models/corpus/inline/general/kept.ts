/** What is kept and used again: the only instance of a class, lazy values and caches. */
import { capitalized, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { freeFirst, told, wordOr } from './words.js';

/** Keeps the only instance of the class, made when it is first asked for. */
export const onlyInstance: Member = (part) => {
  const type = part.className;
  const field = wordOr(part, 0.15, 'instance', 'singleton', 'current', 'shared', 'self', 'me', 'theInstance');
  const body = part.random.weighted([
    [4, `if (${field} == null) {\n    ${field} = new ${type}();\n}\nreturn ${field};`],
    [1, `if (${field} != null) {\n    return ${field};\n}\n${field} = new ${type}();\nreturn ${field};`],
  ]);
  const getter = apex`
    ${told(part, part.pick('the only instance, made on first use', 'gives the shared instance', 'returns the instance; makes it when there is none'), [], '', true)}
    ${free('public static')} ${type} ${free(part.pick('getInstance', 'getInstance', 'get', 'getCurrent', 'getShared'))}() {
        ${body}
    }
  `;
  const reset = apex`
    ${told(part, part.pick('forgets the instance, for tests', 'the next call makes a new instance'))}
    ${free(`public static void ${part.pick('reset', 'clear', 'forget')}`)}() {
        ${field} = null;
    }
  `;
  return [
    `private static ${type} ${seen(field)};`,
    ...(part.random.chance(0.6) ? [`private ${type}() {\n}`] : []),
    getter,
    ...(part.random.chance(0.3) ? [reset] : []),
  ].join('\n\n');
};

/** Computes values when they are first asked for, one like the other. */
export const lazyValues: Member = (part) => {
  const count = part.random.integer(1, 3);
  const names = part.random.sample(
    [
      'codes',
      'limits',
      'labels',
      'rates',
      'targets',
      'holidays',
      'regions',
      pluralOf(unknownWord(part.random)),
      pluralOf(unknownWord(part.random)),
    ],
    count,
  );
  const isStatic = part.random.chance(0.5) ? 'static ' : '';
  const isProperty = part.random.chance(0.35);
  const verb = part.pick('load', 'read', 'query', 'compute', 'find');
  const parts = names.map((name, index) => {
    const type = part.pick(
      'List<String>',
      'Set<Id>',
      'Map<String, Decimal>',
      'Set<String>',
      'Map<Id, String>',
      `List<${part.thing.api}>`,
    );
    const load = `${verb}${capitalized(name)}()`;
    const lazy = isProperty
      ? apex`
        ${free(`${part.pick('public', 'private')} ${isStatic}${type} ${name}`)} {
            get {
                if (${name} == null) {
                    ${name} = ${load};
                }
                return ${name};
            }
            private set;
        }
      `
      : apex`
        private ${isStatic}${free(type)} ${seen(name)};

        ${freeFirst(index, `public ${isStatic}`.trimEnd())} ${type} get${capitalized(name)}() {
            if (${name} == null) {
                ${name} = ${load};
            }
            return ${name};
        }
      `;
    return `${lazy}\n\nprivate ${isStatic}${type} ${seen(`${verb}${capitalized(name)}`)}() {\n    return new ${type}();\n}`;
  });
  return parts.join('\n\n');
};

/** Writes a map that remembers what was asked, with at most so many entries. */
export const cacheClass: Member = (part) => {
  const name = part.random.chance(0.3)
    ? `${pascalCase(unknownWord(part.random))}Cache`
    : part.pick('Cache', 'Memory', 'Store', 'Registry', 'LookupTable');
  const [keyType, type] = part.pick<readonly [string, string]>(
    ['String', 'Object'],
    ['Id', part.thing.api],
    ['String', 'Decimal'],
    ['Id', 'String'],
    ['String', 'String'],
  );
  const map = wordOr(part, 0.2, 'entries', 'valueByKey', 'content', 'known', 'kept');
  const max = part.pick('maxSize', 'capacity', 'maxEntries', 'atMost');
  const [key, value] = part.pick<readonly [string, string]>(
    ['key', 'value'],
    ['k', 'v'],
    ['recordId', 'found'],
    ['name', 'stored'],
  );
  const self = part.style.hasThis ? 'this.' : '';
  const isCleared = part.pick(true, false);
  const isFull = isCleared
    ? `${self}${map}.size() >= ${self}${max}`
    : `${self}${map}.size() == ${self}${max} && !${self}${map}.containsKey(${key})`;
  const whenFull = isCleared ? `${self}${map}.clear();` : 'return;';
  const said = isCleared
    ? part.pick('makes room when it is full: all are forgotten', 'when full, everything is removed before')
    : part.pick('takes no further keys when it is full', 'new keys are ignored once the maximum is reached');
  const more = cacheMethods(part, { keyType, type, key, held: `${self}${map}` });
  return apex`
    public class ${free(name)} {
        private final Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();
        private final ${seen(`Integer ${max}`)};

        public ${name}(Integer ${max}) {
            this.${max} = ${max};
        }

        ${told(part, said)}
        ${free(`public void ${part.pick('put', 'add', 'remember', 'store')}`)}(${keyType} ${seen(key)}, ${type} ${seen(value)}) {
            if (${isFull}) {
                ${whenFull}
            }
            ${self}${map}.put(${key}, ${value});
        }

        ${more.join('\n\n')}
    }
  `;
};

interface Cached {
  readonly keyType: string;
  readonly type: string;
  readonly key: string;
  /** The map, as the file's style reaches members. */
  readonly held: string;
}

/** A few of the methods that a cache has besides putting in. */
function cacheMethods(part: Part, { keyType, type, key, held }: Cached): readonly string[] {
  const otherwise = part.pick('otherwise', 'fallback', 'standard');
  return part.random.sample(
    [
      apex`
      ${free('public')} Boolean ${free(part.pick('contains', 'has', 'isKnown'))}(${keyType} ${seen(key)}) {
          return ${held}.containsKey(${key});
      }
    `,
      apex`
      ${told(part, `the value of the ${key}, or the ${otherwise} one`)}
      ${free('public')} ${type} ${free(part.pick('getOrDefault', 'find', 'lookUp'))}(${keyType} ${seen(key)}, ${type} ${seen(otherwise)}) {
          return ${held}.containsKey(${key}) ? ${held}.get(${key}) : ${otherwise};
      }
    `,
      apex`
      ${free('public')} Integer size() {
          return ${held}.size();
      }
    `,
      apex`
      ${told(part, part.pick(`forgets the ${key}`, `removes what is kept for the ${key}`))}
      ${free('public void')} ${free(part.pick('remove', 'forget', 'drop'))}(${keyType} ${seen(key)}) {
          ${held}.remove(${key});
      }
    `,
    ],
    part.random.integer(1, 3),
  );
}
