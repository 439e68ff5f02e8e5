/** Changes to one record that a query finds: "find the oldest open case and set its owner to me", "delete the newest log". */
import type { Draw } from '../draw.js';
import { said, type Thing } from '../nouns.js';
import { capitalized, listed, phrase } from '../phrase.js';
import { drawEndingOfOne } from './changes-ending.js';
import { drawAssignments, tidied } from './changes-job.js';
import type { Made } from './kind.js';
import { drawOneRecord, type OneRecord } from './queries-one.js';
import { selected, soql } from './soql.js';

const find = '{find|find|get|fetch|take|pick|grab|look up|query|load|pull|pick up}';

/** What is set, in Apex, and how it is said of one record. */
interface Setting {
  readonly fields: readonly string[];
  readonly values: readonly string[];
  /** `set its status to Open`. */
  readonly imperative: string;
  /** The same with the record in it; null = it is not said so. */
  direct(record: string): string | null;
}

/** Fields of one record are set. */
export function updateOne(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const record = drawOneRecord(draw, thing);
  if (record === null) return null;
  const isOwned = random.chance(0.25) && !record.conditions.join().includes('OwnerId');
  const setting = isOwned ? takenOver(draw) : drawSetting(draw, thing, record);
  if (setting === null) return null;
  const direct = setting.direct(record.english);
  const request = random.weighted([
    [6, `${find} ${record.english} and ${setting.imperative}`],
    [1.5, `${find} ${record.english}, {then |}${setting.imperative}`],
    [1, `${find} ${record.english}. ${capitalized(setting.imperative)}{| and save it| and update it}`],
    [1.5, `for ${record.english}{,|:| -|} ${setting.imperative}`],
    [1, `${record.english}: ${setting.imperative}`],
    [1, `update ${record.english}: ${setting.imperative}`],
    [direct === null ? 0 : 5, direct ?? ''],
  ]);
  const ending = drawEndingOfOne(draw);
  const lines = setting.fields.map((api, at) => `${thing.one}.${api} = ${setting.values[at]!};`);
  return {
    prompt: tidied(`${phrase(random, request)}${ending.english}`),
    answer: [found(thing, record, setting.fields), ...lines, ...ending.lines('update', thing.one)].join('\n'),
    given: record.given,
  };
}

/** One record is deleted. */
export function deleteOne(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const record = drawOneRecord(draw, thing);
  if (record === null) return null;
  const request = `{{delete|delete|remove|get rid of|erase|purge} ${record.english}|${find} ${record.english} and {delete|remove} it|${record.english} {should be|must be|has to be|can be} {deleted|removed}|${record.english}: {delete|remove} it}`;
  const ending = drawEndingOfOne(draw);
  return {
    prompt: tidied(`${phrase(random, request)}${ending.english}`),
    answer: [found(thing, record, []), ...ending.lines('delete', thing.one)].join('\n'),
    given: record.given,
  };
}

function found(thing: Thing, record: OneRecord, fields: readonly string[]): string {
  const query = soql({
    select: selected(fields),
    from: thing.api,
    conditions: record.conditions,
    orderBy: record.orderBy,
    limit: 1,
  });
  return `${thing.api} ${thing.one} = ${query};`;
}

function drawSetting(draw: Draw, thing: Thing, record: OneRecord): Setting | null {
  const { random } = draw;
  const count = random.chance(0.78) ? 1 : 2;
  const assignments = drawAssignments(draw, thing, 'one', count).filter(
    ({ field, value }) => !record.conditions.includes(`${field.api} = ${value}`),
  );
  if (assignments.length === 0) return null;
  const [first] = assignments;
  const value = /^(?:set|change|update|switch|put) (?:(?! to ).)+ to (.+)$/.exec(first!.imperative)?.[1];
  return {
    fields: assignments.map(({ field }) => field.api),
    values: assignments.map((assignment) => assignment.value),
    imperative: listed(assignments.map(({ imperative }) => imperative)),
    direct: (english) => {
      if (assignments.length > 1) return null;
      if (/\bit\b/.test(first!.imperative)) return first!.imperative.replace(/\bit\b/, english);
      return value === undefined
        ? null
        : `{set|set|change|update} the ${said(draw, first!.field)} {of|of|on|for} ${english} to ${value}`;
    },
  };
}

/** The record goes to me. */
function takenOver(draw: Draw): Setting {
  const me = '{me|me|myself|the current user|the running user}';
  const imperative = `{set its owner to ${me}|assign it to ${me}|make ${me} its owner|change its owner to ${me}|make ${me} the owner|reassign it to ${me}|give it to ${me}}`;
  return {
    fields: ['OwnerId'],
    values: ['UserInfo.getUserId()'],
    imperative: phrase(draw.random, imperative),
    direct: (english) =>
      `{assign ${english} to ${me}|make ${me} {the |}owner of ${english}|set the owner of ${english} to ${me}|change the owner of ${english} to ${me}|reassign ${english} to ${me}}`,
  };
}
