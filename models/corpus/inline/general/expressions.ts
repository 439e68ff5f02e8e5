/** Methods of one expression, for days and numbers: what a tool is, and how it is written. */
import { apex, seen } from '../apex.js';
import type { Part } from '../part.js';
import { earlyReturn, head, resultName, told } from './words.js';

/** A method of a list to choose from; its parameters as `Date day`. */
export type Tool = readonly [
  type: string,
  said: string,
  names: readonly string[],
  parameters: readonly string[],
  code: string,
];

/** The method, in some files with an early return when `guarded` is null. */
export function toolText(part: Part, tool: Tool, guarded: string): string {
  const [type, said, names, parameters, code] = tool;
  const used = parameters.map((one) => one.split(' ').at(-1)!);
  const out = resultName(part, used, 'answer', 'computed', 'found', 'outcome');
  const isVariable = part.random.chance(0.25);
  const isNoun = said.startsWith('the ');
  return apex`
    ${told(part, part.pick(said, isNoun ? `returns ${said}` : said, isNoun ? `gives ${said}` : said))}
    ${head(part, type, part.random.pick(names), ...parameters.map((one) => one.replace(/\w+$/, (name) => seen(name))))}
        ${part.random.chance(0.35) && guarded !== '' ? earlyReturn(`${guarded} == null`, type === 'Boolean' ? 'false' : 'null') : ''}
        ${isVariable ? `${type} ${seen(out)} = ${code};` : ''}
        return ${isVariable ? out : code};
    }
  `;
}
