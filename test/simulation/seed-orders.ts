/** What a process of `npm run simulate` does: runs the seeds it is told, one after the other, and tells what became of each. */

export interface SeedResult {
  readonly seed: number;
  /** What must not be; null = nothing. */
  readonly violation: string | null;
  /** Of the ledger and of what became of the requests: the same seed gives the same. */
  readonly hash: string;
  readonly requests: number;
  readonly controlKills: number;
  readonly servingKills: number;
  readonly starts: number;
  readonly writes: number;
  readonly virtualSeconds: number;
  /** What happened, line by line. */
  readonly story: readonly string[];
}

interface SeedOrder {
  readonly seed: number;
  readonly minutes: number;
  /** Run twice: both must give the same. */
  readonly isTwice: boolean;
}

/** Lines of the story that are told of a seed that failed. */
const storyLinesMax = 60;

/** From now on obeys the parent process, which may end this one at any time. */
export function obeyOrders(runSeed: (seed: number, minutes: number) => Promise<SeedResult>): void {
  const obey = async ({ seed, minutes, isTwice }: SeedOrder): Promise<void> => {
    const { story, ...result } = await runSeed(seed, minutes);
    const again = isTwice && result.violation === null ? await runSeed(seed, minutes) : null;
    const isSame = again === null || again.hash === result.hash;
    const violation = isSame
      ? result.violation
      : `run again, it gives ${again.hash} instead of ${result.hash}`;
    const told = violation === null ? [] : story.slice(-storyLinesMax);
    process.send?.({ ...result, violation, story: told });
  };
  process.on('message', (order: SeedOrder) => void obey(order));
  process.on('disconnect', () => process.exit(0));
}
