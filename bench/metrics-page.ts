/** Numbers from the `/metrics` page of a server of a bench. */

export interface MeteredServer {
  readonly port: number;
  /** With the API key. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The values of a metric's samples, of all labels; none where it is not on the page. Rejects when the server refuses. */
export async function metricValues({ port, headers }: MeteredServer, name: string): Promise<number[]> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  const page = await response.text();
  if (!response.ok) throw new Error(`GET /metrics: ${response.status} ${page.slice(0, 500)}`);
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}

/** Their sum. */
export async function metricSum(server: MeteredServer, name: string): Promise<number> {
  return (await metricValues(server, name)).reduce((sum, value) => sum + value, 0);
}
