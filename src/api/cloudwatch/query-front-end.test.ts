import { expect, it } from 'vitest';
import type { Exchange } from '../http/exchange.js';
import { createCloudWatchQueryFrontEnd } from './query-front-end.js';

it('the body of a call is read once, however often it is asked for', () => {
  const form = 'Action=ListMetrics&Version=2010-08-01';
  const answers: unknown[] = [];
  let reads = 0;
  const exchange = {
    id: 'one',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    principal: { account: '111122223333', region: 'us-east-1' },
    get body() {
      reads++;
      return Buffer.from(form);
    },
    respond: (status: number, _: object, text: string) => answers.push(status, text),
  } as unknown as Exchange;
  const frontEnd = createCloudWatchQueryFrontEnd({
    control: { execute: () => ({ metrics: [] }) as never },
    homeRegion: 'us-east-1',
  });
  const route = frontEnd.route('POST', '/', exchange.headers);
  expect(route?.actionOf?.(exchange)).toBe('cloudwatch:ListMetrics');
  void route?.handle(exchange);
  expect(answers).toEqual([200, expect.stringContaining('<ListMetricsResult><Metrics></Metrics>')]);
  expect(reads).toBe(1);
});
