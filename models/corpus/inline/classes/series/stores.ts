/** Small tools that keep something: a cache with a limit, a registry of names, a number within bounds. */
import { capitalized } from '../../../phrase.js';
import { pluralOf } from '../../../plurals.js';
import { apex, free, seen } from '../../apex.js';
import type { Member } from '../../part.js';
import { self } from '../../scope/words.js';

/** A cache with a limit, where the oldest goes first. */
export const limitedCache: Member = (part) => {
  const { className } = part;
  const type = part.pick('String', 'Decimal', 'Object', part.thing.api);
  const [map, order] = [part.pick('values', 'cache', 'stored'), part.pick('keys', 'order', 'keyOrder')];
  const bound = part.pick('capacity', 'maxSize', 'maximum', 'maxEntries');
  const me = self(part);
  const key = part.pick('key', 'name', 'code');
  const oldest = part.pick('oldest', 'dropped', 'gone');
  const drop = `${me}${map}.remove(${me}${order}.remove(0));`;
  const dropLong = `String ${seen(oldest)} = ${me}${order}.remove(0);\n${me}${map}.remove(${oldest});`;
  const dropping = part.pick(drop, dropLong);
  const text = apex`
    private final Integer ${seen(bound)};
    private Map<String, ${type}> ${seen(map)} = new Map<String, ${type}>();
    ${part.comment('oldest first')}
    private List<String> ${seen(order)} = new List<String>();

    public ${className}(Integer ${bound}) {
        this.${bound} = ${bound};
    }

    ${part.comment(`when there is no room for a new ${key}, the oldest one goes`)}
    ${free('public void put')}(String ${seen(key)}, ${type} ${seen('value')}) {
        if (!${me}${map}.containsKey(${key})) {
            if (${me}${order}.size() >= ${me}${bound}) {
                ${dropping}
            }
            ${me}${order}.add(${key});
        }
        ${me}${map}.put(${key}, value);
    }

    public ${type} ${free('get')}(String ${seen(key)}) {
        return ${me}${map}.get(${key});
    }

    public Boolean ${free('has')}(String ${seen(key)}) {
        return ${me}${map}.containsKey(${key});
    }
  `;
  const clear = `${free('public void clear')}() {\n    ${me}${map}.clear();\n    ${me}${order}.clear();\n}`;
  return part.random.chance(0.6) ? `${text}\n\n${clear}` : text;
};

/** Names, each once: registered, known, taken away, listed in order. */
export const registry: Member = (part) => {
  const noun = part.pick('name', 'code', 'topic', 'channel', 'tag', 'skill');
  const many = pluralOf(noun);
  const isStatic = part.random.chance(0.5);
  const modifiers = isStatic ? 'public static' : 'public';
  const me = isStatic ? '' : self(part);
  const isLower = part.random.chance(0.4);
  const key = isLower ? `${noun}.toLowerCase()` : noun;
  const said = isLower
    ? part.comment(`upper and lower case make no difference: ${many} are kept in lower case`)
    : '';
  const big = capitalized(noun);
  const pairs = [
    `${modifiers} Boolean ${free('register')}(String ${seen(noun)}) {\n    return ${me}${many}.add(${key});\n}`,
    `${modifiers} Boolean ${free('isRegistered')}(String ${seen(noun)}) {\n    return ${me}${many}.contains(${key});\n}`,
    `${modifiers} Boolean ${free('unregister')}(String ${seen(noun)}) {\n    return ${me}${many}.remove(${key});\n}`,
  ];
  const sorted = apex`
    ${part.comment('in alphabetical order')}
    ${modifiers} List<String> ${free(`sorted${big}s`)}() {
        List<String> ${seen('sorted')} = new List<String>(${me}${many});
        sorted.sort();
        return sorted;
    }
  `;
  const all = apex`
    ${modifiers} void ${free('registerAll')}(List<String> ${seen('added')}) {
        for (String ${seen(noun)} : added) {
            register(${noun});
        }
    }
  `;
  return [
    `${said === '' ? '' : `${said}\n`}private ${isStatic ? 'static ' : ''}Set<String> ${seen(many)} = new Set<String>();`,
    ...pairs,
    ...(part.random.chance(0.6) ? [all] : []),
    ...(part.random.chance(0.6) ? [sorted] : []),
  ].join('\n\n');
};

/** A number that goes up and down by steps and never leaves its bounds. */
export const bounds: Member = (part) => {
  const unit = part.pick('Level', 'Volume', 'Stock', 'Score', 'Speed', 'Zoom', 'Balance');
  const variable = unit[0]!.toLowerCase() + unit.slice(1);
  const [low, high, step] = [part.pick(0, 1, 10), part.pick(50, 100, 500), part.pick(1, 5, 10)];
  const [up, down] = part.pick(
    ['raise', 'lower'],
    ['increase', 'decrease'],
    ['up', 'down'],
    ['add', 'take'],
  ) as [string, string];
  const isMath = part.random.chance(0.5);
  const me = self(part);
  const move = (sign: string, limit: string): string => {
    const value = `${me}${variable} ${sign} STEP`;
    const [compare, math] = sign === '+' ? ['>', 'Math.min'] : ['<', 'Math.max'];
    return isMath
      ? `${me}${variable} = ${math}(${value}, ${limit});`
      : `${me}${variable} ${sign}= STEP;\nif (${me}${variable} ${compare} ${limit}) {\n    ${me}${variable} = ${limit};\n}`;
  };
  const upper = apex`
    public void ${free(up + unit)}() {
        ${move('+', 'HIGHEST')}
    }
  `;
  const lower = apex`
    public void ${free(down + unit)}() {
        ${move('-', 'LOWEST')}
    }
  `;
  return [
    `${free(`// The ${variable} never leaves its bounds`)}\nprivate static final Integer ${seen('LOWEST')} = ${free(String(low))};\nprivate static final Integer ${seen('HIGHEST')} = ${free(String(high))};\nprivate static final Integer ${seen('STEP')} = ${free(String(step))};\n\nprivate Integer ${seen(variable)} = ${part.pick('LOWEST', 'LOWEST', 'HIGHEST').replace('HIGHEST', free('HIGHEST'))};`,
    upper,
    lower,
    `${free('public Boolean isAtTop')}() {\n    return ${me}${variable} == HIGHEST;\n}`,
    `public Boolean isAtBottom() {\n    return ${me}${variable} == LOWEST;\n}`,
    ...(part.random.chance(0.5)
      ? [`${free(`public Integer get${unit}`)}() {\n    return ${me}${variable};\n}`]
      : []),
  ].join('\n\n');
};
