/** SOQL for loops that log what they read. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { phrase } from '../phrase.js';
import type { Kind, Made } from './kind.js';
import { headOf } from './queries-asking.js';
import { allOf, drawAskedFields, drawLimit, drawRank, drawRecords, isMine } from './queries-words.js';
import { selected, soql } from './soql.js';

export const loopKinds: readonly Kind[] = [{ kind: 'query loop', weight: 7, make: makeLoop }];

const conditionCounts = [
  [3, 0],
  [5, 1],
  [2, 2],
] as const;

function makeLoop(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const records = drawRecords(draw, thing, conditionCounts);
  const rank = random.chance(0.1) ? drawRank(draw, thing) : null;
  const limit = rank !== null || random.chance(0.08) ? drawLimit(random) : null;
  const head = headOf(random, { records, rank, limit, last: null, order: null, fields: null });
  const fields = random.chance(0.75) ? drawAskedFields(draw, thing, 2) : null;
  if (limit !== null && !head.saysLimit) return null;
  const noun = limit === null ? allOf(records.english) : head.english;
  const log = '{log|log|debug|print|output|dump}';
  const shown = fields === null ? '' : `{|the |their }${fields.english}`;
  const each = fields === null ? '{them|each of them|each one|every one}' : shown;
  const wording = random.weighted([
    [
      5,
      `{loop over|loop over|loop through|iterate over|go through|iterate through|walk through|run through} ${noun} and ${log} ${each}`,
    ],
    [2, fields === null ? `${log} ${noun}` : `${log} {|the }${fields.english} of ${noun}`],
    [
      1.5,
      `{query|get|fetch|find|select} ${noun} and ${log} ${each}{| to the debug log| in a loop| one by one}`,
    ],
    [
      1,
      `for {each of|each one of|every one of} ${limit === null ? `${isMine(records.english) ? '' : 'the '}${records.english}` : head.definite}{,|} ${log} ${fields === null ? 'it' : `{the |its }${fields.english}`}`,
    ],
    [
      1,
      `{in a loop|in a for loop|with a SOQL for loop|in a SOQL for loop}, ${log} ${fields === null ? noun : `{|the }${fields.english} of ${noun}`}`,
    ],
    [1, `SOQL for loop over ${noun} {that logs|logging|which prints} ${each}`],
  ]);
  const apis = fields?.apis ?? [thing.nameField];
  const query = soql({
    select: selected(apis),
    from: thing.api,
    conditions: records.conditions,
    orderBy: rank?.orderBy ?? null,
    limit: limit?.limit ?? null,
  });
  const logged = apis.map((api) => `${thing.one}.${api}`).join(" + ': ' + ");
  return {
    prompt: phrase(random, wording),
    answer: `for (${thing.api} ${thing.one} : ${query}) {\n    System.debug(${logged});\n}`,
  };
}
