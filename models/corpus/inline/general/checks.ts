/** Checks of parameters that throw an exception of their own. */
import { capitalized } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { freeName, told, wordOr } from './words.js';

/** The name's ending, the type and name of what is checked, the test that fails, and two ways to say why. */
const requirements = [
  ['NotNull', 'Object', 'value', 'value == null', 'must not be null', 'is null'],
  ['NotBlank', 'String', 'text', 'String.isBlank(text)', 'must not be blank', 'is blank'],
  ['NotEmpty', 'List<Object>', 'items', 'items.isEmpty()', 'must not be empty', 'has no items'],
  ['Positive', 'Decimal', 'amount', 'amount <= 0', 'must be above zero', 'is not positive'],
  ['NotNegative', 'Decimal', 'quantity', 'quantity < 0', 'must not be below zero', 'is negative'],
  ['NotPast', 'Date', 'day', 'day < Date.today()', 'must not lie in the past', 'is before today'],
  ['True', 'Boolean', 'condition', '!condition', 'must hold', 'does not hold'],
] as const;

/** `NotBlank` → `is not blank`. */
function holding(what: string): string {
  if (what === 'True') return 'holds';
  return `is ${what
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .trim()}`;
}

/** Writes checks that throw the exception that is declared beside them. */
export const preconditions: Member = (part) => {
  const noun = wordOr(part, 0.4, 'Validation', 'Argument', 'Requirement', 'Input', 'Precondition');
  const exception = `${capitalized(noun)}Exception`;
  const label = part.pick('label', 'name', 'what', 'argument');
  const verb = part.pick('require', 'check', 'assert', 'ensure', 'verify');
  const isSaidFirst = part.random.chance(0.5);
  const join = (text: string): string => (isSaidFirst ? `'${text}: ' + ${label}` : `${label} + ' ${text}'`);
  const kinds = part.random.sample(requirements, part.random.integer(2, 4));
  const checks = kinds.map(
    ([what, type, value, test, must, is], index) => apex`
    ${told(part, `throws unless the ${value} ${holding(what)}`, [], '', true)}
    ${freeName(index, `${part.style.access} static void`, `${verb}${what}`)}(${type} ${seen(value)}, String ${seen(label)}) {
        if (${test}) {
            throw new ${exception}(${free(join(part.pick(must, is)))});
        }
    }
  `,
  );
  return [`public class ${free(exception)} extends Exception {}`, ...checks].join('\n\n');
};
