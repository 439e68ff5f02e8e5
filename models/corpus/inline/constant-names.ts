/** How constants are spelt. */
import { isReserved } from './style.js';

/** `due date`, `In Progress`, `maxRows` → `DUE_DATE`, `IN_PROGRESS`, `MAX_ROWS`; never one that `isReserved` knows. */
export function constantName(...words: readonly string[]): string {
  const name = words
    .join(' ')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase()
    .replace(/^(?=\d)/, 'V_');
  return isReserved(name) ? `${name}_VALUE` : name;
}
