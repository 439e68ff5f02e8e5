/** What a catch says to the log. */
import { free } from '../apex.js';
import type { Part } from '../part.js';

/** The log line of a failed write, in several forms; the text before the message is free. */
export function failureLog(part: Part, error: string): string {
  const opening = part.pick('Could not save', 'Save failed', 'DML error', 'Write failed', 'Rolled back');
  const said = free(`'${opening}: '`);
  return part.random.weighted([
    [4, part.log(`${said} + ${error}.getMessage()`, 'error')],
    [2, part.log(`${error}.getMessage()`, 'error')],
    [
      1,
      `${part.log(`${said} + ${error}.getMessage()`, 'error')}\n${free('')}${part.log(`${error}.getStackTraceString()`, 'error')}`,
    ],
  ]);
}
