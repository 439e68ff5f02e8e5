/** Many calls with a few of them open at once. */

const callsMax = 8;

/** All results in order; `callsMax` of them are waited for at once. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await run(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callsMax, items.length) }, lane));
  return results;
}
