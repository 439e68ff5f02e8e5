/** An interface with two classes that implement it. */
import { camelCase, capitalized } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { drawClass } from './inner-classes.js';
import { fresh, named, told, wordOr } from './words.js';

interface Contract {
  /** The interface, and its one method with its type and parameter. */
  readonly name: string;
  readonly type: string;
  readonly method: string;
  readonly parameter: string;
}

/** Writes an interface, two classes that implement it each in its way, and mostly a use of them. */
export const implementedTwice: Member = (part) => {
  const name = drawClass(
    part,
    'Pricing',
    'Rule',
    'Formatter',
    'Strategy',
    'Greeting',
    'Discount',
    'Source',
    'Policy',
    'Step',
  );
  const type = part.pick('Decimal', 'String', 'Boolean', 'Integer');
  const method = part.random.chance(0.2)
    ? named(unknownWord(part.random))
    : part.pick('apply', 'compute', 'evaluate', 'run', 'decide', 'handle');
  const parameter = wordOr(part, 0.2, 'value', 'amount', 'input', 'given', 'basis');
  const adjectives = part.random.sample(
    [
      'Simple',
      'Strict',
      'Double',
      'Late',
      'Early',
      'Premium',
      'Regional',
      capitalized(unknownWord(part.random)),
    ],
    2,
  );
  const contract = { name, type, method, parameter };
  const answers = part.random.sample(answersOf(contract), 2);
  const suffix = part.random.chance(0.7) ? name : 'Way';
  const classes = adjectives.map(
    (adjective, index) => apex`
    public class ${free(`${adjective}${suffix}`)} implements ${name} {
        public ${type} ${method}(${type} ${parameter}) {
            return ${free(answers[index]!)};
        }
    }
  `,
  );
  const use = fresh(part, [parameter], 'way', 'chosen', 'used', camelCase(name));
  const uses = [chooser(part, name, adjectives as [string, string], suffix), inTurn(part, contract, use)];
  const declared = apex`
    public interface ${free(name)} {
        ${seen(`${type} ${method}(${type} ${parameter})`)};
    }
  `;
  return [declared, ...classes, ...(part.random.chance(0.85) ? [part.random.pick(uses)] : [])].join('\n\n');
};

/** What the method may answer. */
function answersOf({ type, parameter }: Contract): readonly string[] {
  switch (type) {
    case 'Decimal':
      return [`${parameter} * 2`, `${parameter} / 2`, `${parameter} + 10`, `${parameter} - 1`, parameter];
    case 'Integer':
      return [`${parameter} + 1`, `${parameter} - 1`, `${parameter} * 10`, parameter];
    case 'String':
      return [`${parameter}.toUpperCase()`, `${parameter}.trim()`, `'"' + ${parameter} + '"'`, parameter];
    default:
      return [parameter, `!${parameter}`];
  }
}

/** A method that makes one of the two by a flag. */
function chooser(
  part: Part,
  name: string,
  [first, second]: readonly [string, string],
  suffix: string,
): string {
  const chosen = `is${first}`;
  const [one, other] = [`new ${first}${suffix}()`, `new ${second}${suffix}()`];
  return apex`
    ${told(part, `the ${first.toLowerCase()} one if ${chosen}, else the ${second.toLowerCase()} one`, [chosen])}
    ${free(`${part.style.access} static`)} ${name} ${free(part.pick('choose', 'chosenFor', 'pickOne'))}(Boolean ${seen(chosen)}) {
        ${
          part.random.chance(0.5)
            ? `if (${chosen}) {\n    return ${one};\n}\nreturn ${other};`
            : `return ${chosen} ? (${name}) ${one} : ${other};`
        }
    }
  `;
}

/** A method that lets one after the other work on a value. */
function inTurn(part: Part, { name, type, method, parameter }: Contract, use: string): string {
  const many = pluralOf(camelCase(name));
  return apex`
    ${told(part, `lets each of the ${many} change the ${parameter} in turn`, [parameter])}
    ${free(`${part.style.access} static`)} ${type} ${free(part.pick('inTurn', 'throughAll', `${method}All`))}(List<${name}> ${seen(many)}, ${type} ${parameter}) {
        ${type} ${seen('current')} = ${parameter};
        for (${name} ${seen(use)} : ${many}) {
            current = ${use}.${method}(current);
        }
        return current;
    }
  `;
}
