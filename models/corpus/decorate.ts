/** What people do to a sentence when they ask for something; never what it means. */
import type { Random } from './random.js';

export function decorated(random: Random, english: string, _task: 'block' | 'flow'): string {
  return random.chance(0.5) ? english : `${english}.`;
}
