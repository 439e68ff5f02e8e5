/**
 * A process of `npm run simulate`: runs the seeds it is told, one after the other, and tells what became of each. The
 * parent may end it at any time.
 */
import { runSeed } from './run-seed.js';

export interface SeedOrder {
  readonly seed: number;
  readonly minutes: number;
  /** Run twice: both must give the same. */
  readonly isTwice: boolean;
}

/** Lines of the story that are told of a seed that failed. */
const storyLinesMax = 60;

async function obey({ seed, minutes, isTwice }: SeedOrder): Promise<void> {
  const { story, ...result } = await runSeed(seed, minutes);
  const again = isTwice && result.violation === null ? await runSeed(seed, minutes) : null;
  const isSame = again === null || again.hash === result.hash;
  const violation = isSame ? result.violation : `run again, it gives ${again.hash} instead of ${result.hash}`;
  const told = violation === null ? [] : story.slice(-storyLinesMax);
  process.send?.({ ...result, violation, story: told });
}

process.on('message', (order: SeedOrder) => void obey(order));
process.on('disconnect', () => process.exit(0));
