/** Numbers from a running server's `/metrics`. */
import type { StowageProcess } from './stowage-process.js';

type Server = Pick<StowageProcess, 'url' | 'key'>;

/** The sum of a metric's samples whose labels contain all the words; 0 when there is none. */
export async function metricSum(server: Server, name: string, ...words: readonly string[]): Promise<number> {
  const response = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${server.key}` },
  });
  const page = await response.text();
  if (!response.ok) throw new Error(`GET /metrics: ${response.status} ${page}`);
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && words.every((word) => line.includes(word)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
