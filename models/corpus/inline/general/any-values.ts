/** Methods for values that may be missing, or of any type. */
import { capitalized } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { fresh, head, told } from './words.js';

/** Chooses or converts values that may be missing, or of any type. */
export const anyValue: Member = (part) => {
  const [first, second] = part.pick<readonly [string, string]>(
    ['first', 'second'],
    ['preferred', 'fallback'],
    ['given', 'standard'],
    ['value', 'otherwise'],
  );
  const type = part.pick('String', 'Decimal', 'Date', 'Id', 'Object', part.thing.api);
  const value = fresh(part, [], 'value', 'input', 'raw', 'source', 'anything');
  const kinds = part.random.sample(
    ['Integer', 'Decimal', 'Date', 'Boolean', 'Id'],
    part.random.integer(2, 3),
  );
  const kind = kinds[0]!;
  const textOf: Readonly<Record<string, (one: string) => string>> = {
    Integer: (one) => `${one}.format()`,
    Decimal: (one) => `${one}.toPlainString()`,
    Date: (one) => `${one}.format()`,
    Boolean: (one) => `${one} ? ${part.pick(`'yes' : 'no'`, `'Y' : 'N'`, `'on' : 'off'`)}`,
    Id: (one) => `${one}.to15()`,
  };
  const asText = (type: string): string =>
    `if (${value} instanceof ${free(type)}) {\n    ${type} ${seen(`the${type}`)} = (${type}) ${value};\n    return ${free(textOf[type]!(`the${type}`))};\n}`;
  const values = fresh(part, [], 'values', 'candidates', 'choices', 'options');
  const one = fresh(part, [values], 'one', 'candidate', 'item', 'choice');
  return part.pick(
    () => apex`
      ${told(part, part.pick(`the ${first} one unless it is null, else the ${second} one`, `returns ${first}; when it is null, ${second}`), [first, second])}
      ${head(part, type, part.pick('coalesce', 'firstNonNull', 'orElse', 'nvl'), `${type} ${seen(first)}`, `${type} ${seen(second)}`)}
          ${part.pick(`return ${first} == null ? ${second} : ${first};`, `return ${first} != null ? ${first} : ${second};`, `return ${first} ?? ${second};`, `if (${first} != null) {\n    return ${first};\n}\nreturn ${second};`)}
      }
    `,
    () => apex`
      ${told(part, part.pick(`the first of the ${values} that is not ${type === 'String' ? 'blank' : 'null'}; null if none`, `which of the ${values} has a value first?`), [values])}
      ${head(part, type, part.pick('coalesce', 'firstFilled', 'firstOf'), `List<${type}> ${seen(values)}`)}
          for (${type} ${seen(one)} : ${values}) {
              if (${type === 'String' ? `String.isNotBlank(${one})` : `${one} != null`}) {
                  return ${one};
              }
          }
          return null;
      }
    `,
    () => apex`
      ${told(part, `the ${value} as text, each type in its own way`, [value])}
      ${head(part, 'String', part.pick('toText', 'format', 'asText', 'display'), `Object ${seen(value)}`)}
          ${kinds.map(asText)}
          return String.valueOf(${value});
      }
    `,
    () => apex`
      ${told(part, `only those of the ${values} that are of this type`, [values])}
      ${head(part, `List<${kind}>`, `only${kind}s`, `List<Object> ${seen(values)}`)}
          List<${kind}> ${seen('chosen')} = new List<${kind}>();
          for (Object ${seen(one)} : ${values}) {
              if (${one} instanceof ${kind}) {
                  chosen.add((${kind}) ${one});
              }
          }
          return chosen;
      }
    `,
    () => apex`
      ${told(part, part.pick(`the ${value} as ${kind}, or null when it is of another type`, `casts the ${value} if it is of type ${kind}`), [value])}
      ${head(part, kind, `as${capitalized(kind)}`, `Object ${seen(value)}`)}
          ${part.pick(`return ${value} instanceof ${kind} ? (${kind}) ${value} : null;`, `if (${value} instanceof ${kind}) {\n    return (${kind}) ${value};\n}\nreturn null;`)}
      }
    `,
  )();
};
