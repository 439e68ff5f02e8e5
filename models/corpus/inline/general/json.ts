/** Inner classes that are written as JSON and read from it. */
import { camelCase, capitalized } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Member } from '../part.js';
import { constantOf, head, told, wordOr } from './words.js';

/** Writes an inner class, and methods that turn it to JSON and back. */
export const innerJson: Member = (part) => {
  const name = capitalized(wordOr(part, 0.3, 'Payload', 'Message', 'State', 'Settings', 'Snapshot', 'Body'));
  const one = camelCase(name);
  const text = part.pick('text', 'body', 'source', 'written', 'jsonText');
  if (one === text) return null;
  const isList = part.random.chance(0.4);
  const many = pluralOf(one);
  const type = isList ? `List<${name}>` : name;
  const variable = isList ? many : one;
  const members = part.random.sample(
    [
      'String code',
      'Integer quantity',
      'Decimal price',
      'Date dueDate',
      'Id ownerId',
      `String ${unknownWord(part.random)}`,
    ],
    part.random.integer(2, 3),
  );
  const isGuarded = part.random.chance(0.4);
  const strict = part.pick('deserialize', 'deserialize', 'deserializeStrict');
  const methods = part.random.shuffled([
    apex`
      ${told(part, part.pick(`the ${variable} as JSON`, `writes the ${variable} as JSON`, `returns JSON of the ${variable}`), [variable])}
      ${head(part, 'String', part.pick('toJson', 'write', 'serialize'), `${type} ${seen(variable)}`)}
          return JSON.${free('')}serialize${part.pick('', '', 'Pretty')}(${variable});
      }
    `,
    apex`
      ${told(part, part.pick(`reads ${isList ? 'a list' : 'one'} from JSON${isGuarded ? '; null when there is no text' : ''}`, `the ${variable} that the ${text} describes`), [text])}
      ${head(part, type, part.pick('fromJson', 'read', 'parse'), `String ${seen(text)}`)}
          ${isGuarded ? `if (String.isBlank(${text})) {\n    return null;\n}` : ''}
          return (${type}) JSON.${free('')}${strict}(${text}, ${type}.class);
      }
    `,
  ]);
  const constants = part.random.chance(0.2)
    ? `${constantOf('String', constantName(`${one}Key`), `'${unknownWord(part.random)}'`, 'public')}\n\n`
    : '';
  return `${constants}public class ${free(name)} {\n${members.map((member) => `    public ${free(member)};`).join('\n')}\n}\n\n${methods.join('\n\n')}`;
};
