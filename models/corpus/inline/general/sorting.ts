/** Wrappers that can be compared, and methods that sort by them. */
import { capitalized } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { fresh, head, told, wordOr } from './words.js';

/** Writes a wrapper that knows its order, and for records the caller that sorts by it. */
export const sortedWrapper: Member = (part) => {
  const { thing, names } = part;
  const isRecord = part.random.chance(0.5);
  const field = isRecord ? part.field(['currency', 'date', 'integer', 'datetime']) : null;
  const adjective = capitalized(wordOr(part, 0.25, 'Sortable', 'Ranked', 'Ordered', 'Sorted'));
  const name = `${adjective}${isRecord ? thing.className : part.pick('Entry', 'Candidate', 'Row')}`;
  if (isRecord && field === null) return null;
  const held = isRecord
    ? part.pick('record', 'wrapped', names.one)
    : part.pick('score', 'rank', 'weight', 'distance', 'priority');
  const type = isRecord ? thing.api : part.pick('Integer', 'Decimal');
  const member = field === null ? '' : `.${field.api}`;
  const by = field === null ? held : field.label;
  const other = part.pick('that', 'another', 'second', 'compared');
  const argument = part.pick('other', 'o', 'compareTo', 'toCompare');
  if (other === held || held === argument) return null;
  const isUp = part.random.chance(0.5);
  const [mine, theirs] = [`this.${held}${member}`, `${other}.${held}${member}`];
  const [less, more] = isUp ? ['-1', '1'] : ['1', '-1'];
  const body = part.pick(
    `if (${mine} == ${theirs}) {\n    return 0;\n}\nreturn ${mine} > ${theirs} ? ${more} : ${less};`,
    `if (${mine} < ${theirs}) {\n    return ${less};\n}\nif (${mine} > ${theirs}) {\n    return ${more};\n}\nreturn 0;`,
    `if (${mine} > ${theirs}) {\n    return ${more};\n} else if (${mine} < ${theirs}) {\n    return ${less};\n}\nreturn 0;`,
  );
  const wrappers = part.pick('wrappers', 'entries', 'sortables', 'rows');
  const wrapper = fresh(part, [names.one, names.many, held], 'wrapper', 'entry', 'row', 'sortable');
  const out = fresh(part, [names.one, names.many, wrappers, wrapper], 'sorted', 'ordered', 'inOrder');
  const caller = apex`
    ${told(part, `the ${thing.plural} by ${by}, the ${isUp ? 'lowest' : 'highest'} first`, [names.many])}
    ${head(part, `List<${thing.api}>`, part.pick('sort', 'inOrder', 'sortedCopy'), `List<${thing.api}> ${names.newMany}`)}
        List<${name}> ${seen(wrappers)} = new List<${name}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${wrappers}.add(new ${name}(${names.one}));
        }
        ${wrappers}.sort();
        List<${thing.api}> ${seen(out)} = new List<${thing.api}>();
        for (${name} ${seen(wrapper)} : ${wrappers}) {
            ${out}.add(${wrapper}.${held});
        }
        return ${out};
    }
  `;
  const holder = apex`
    public class ${free(name)} implements Comparable {
        public ${seen(`${type} ${held}`)};

        public ${name}(${type} ${held}) {
            this.${held} = ${held};
        }

        ${part.comment(`${isUp ? part.pick('lowest', 'smallest') : part.pick('highest', 'greatest')} ${by} first`)}
        public Integer compareTo(Object ${seen(argument)}) {
            ${name} ${seen(other)} = (${name}) ${argument};
            ${body}
        }
    }
  `;
  return isRecord ? `${holder}\n\n${caller}` : holder;
};
