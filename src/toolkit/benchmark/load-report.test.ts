import { describe, expect, it } from 'vitest';
import { reportOf } from './load-report.js';
import type { CallRecord } from './load-report.js';

function call(facts: Partial<CallRecord>): CallRecord {
  return {
    startedAt: 0,
    endedAt: 1000,
    arrivals: [],
    promptTokens: null,
    outputTokens: 0,
    failure: null,
    ...facts,
  };
}

describe('the report of a load', () => {
  it('adds up tokens, times and gaps of completed calls', () => {
    const report = reportOf([
      call({ startedAt: 500, endedAt: 1500, arrivals: [700, 800, 1100], promptTokens: 10, outputTokens: 5 }),
      call({ startedAt: 1000, endedAt: 2500, arrivals: [1400, 1500], promptTokens: 20, outputTokens: 2 }),
    ]);
    expect(report.requests).toEqual({ completed: 2, failed: 0, failures: {}, skipped: 0 });
    expect([report.seconds, report.requestsPerSecond, report.outputTokensPerSecond]).toEqual([2, 1, 3.5]);
    expect([report.promptTokens, report.outputTokens]).toEqual([30, 7]);
    expect([report.timeToFirstTokenMs?.min, report.timeToFirstTokenMs?.max]).toEqual([200, 400]);
    expect([report.interTokenMs?.count, report.interTokenMs?.min, report.interTokenMs?.max]).toEqual([
      3, 100, 300,
    ]);
    // (1100 - 700) / 4 and (1500 - 1400) / 1
    expect([report.timePerOutputTokenMs?.count, report.timePerOutputTokenMs?.p50]).toEqual([2, 100]);
    expect([report.latencyMs?.min, report.latencyMs?.max]).toEqual([1000, 1500]);
  });

  it('counts failures by reason, the most frequent first, and none of their tokens', () => {
    const report = reportOf(
      [
        call({ failure: 'HTTP 500', outputTokens: 9, arrivals: [1, 2] }),
        call({ failure: 'timeout' }),
        call({ failure: 'timeout' }),
        call({ outputTokens: 4 }),
      ],
      3,
    );
    expect(report.requests).toEqual({
      completed: 1,
      failed: 3,
      failures: { timeout: 2, 'HTTP 500': 1 },
      skipped: 3,
    });
    expect(Object.keys(report.requests.failures)).toEqual(['timeout', 'HTTP 500']);
    expect(report.outputTokens).toBe(4);
    expect(report.timeToFirstTokenMs).toBeNull();
  });

  it('of no call is all zeros', () => {
    const { seconds, requestsPerSecond, latencyMs } = reportOf([]);
    expect([seconds, requestsPerSecond, latencyMs]).toEqual([0, 0, null]);
  });
});
