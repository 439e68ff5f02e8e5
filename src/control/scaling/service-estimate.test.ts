import { describe, expect, it } from 'vitest';
import type { CopyObservation } from '../../contracts/fleet.js';
import type { LoadReport, LoadReports } from '../../contracts/load-reports.js';
import { CopyState, type CopyReport } from '../../domain/copy.js';
import type { CopyRecord } from '../../domain/record.js';
import { ColdStarts } from './cold-starts.js';
import { LoadBoard } from './load-board.js';
import { ServiceEstimates } from './service-estimate.js';

const start = 1_700_000_000_000;
const component = 'component';

function recordOf(state: CopyState, since: number, incarnation = 1): CopyRecord {
  return {
    kind: 'copy',
    copy: { id: 'copy-0', incarnation },
    component,
    generation: 1,
    instance: 'instance-1',
    endpointGeneration: 1,
    resources: { cpus: 1, memoryBytesMin: 0, memoryBytesMax: 0, accelerators: 0, acceleratorMemoryBytes: 0 },
    accelerators: [],
    state,
    since,
    wish: 'run',
    reason: 'test',
  } as CopyRecord;
}

describe('cold starts', () => {
  it('are measured from the first sight of a copy to its being ready', () => {
    const starts = new ColdStarts();
    expect(starts.expectedMs(component)).toBe(5_000);
    for (const [incarnation, took] of [800, 900, 60_000, 1_000].entries()) {
      const at = start + incarnation * 1_000_000;
      starts.observe(component, [recordOf(CopyState.Starting, at, incarnation)], 1, at);
      starts.observe(component, [recordOf(CopyState.Loading, at + 300, incarnation)], 1, at + 500);
      starts.observe(component, [recordOf(CopyState.Ready, at + took, incarnation)], 1, at + took + 200);
    }
    // The longest was an accident.
    expect(starts.expectedMs(component)).toBe(1_000);
  });

  it('of a copy that never came up count nothing', () => {
    const starts = new ColdStarts();
    starts.observe(component, [recordOf(CopyState.Starting, start)], 1, start);
    starts.observe(component, [recordOf(CopyState.Exited, start + 30_000)], 1, start + 30_000);
    starts.observe(component, [], 0, start + 31_000);
    expect(starts.expectedMs(component)).toBe(5_000);
  });
});

it('a start that waits for an instance first takes as long as both', () => {
  const starts = new ColdStarts();
  starts.observe(component, [], 1, start);
  starts.observe(component, [], 1, start + 30_000);
  starts.observe(component, [recordOf(CopyState.Starting, start + 60_000)], 1, start + 60_000);
  starts.observe(component, [recordOf(CopyState.Ready, start + 62_000)], 1, start + 62_000);
  expect(starts.expectedMs(component)).toBe(62_000);
});

class Reports implements LoadReports {
  private listener: (report: LoadReport) => void = () => {};
  onReport(listener: (report: LoadReport) => void): () => void {
    this.listener = listener;
    return () => {};
  }
  send(report: LoadReport): void {
    this.listener(report);
  }
}

function seenOf(heardAt: number, report: Partial<CopyReport>): CopyObservation {
  return {
    copy: { id: 'copy-0', incarnation: 1 },
    heardAt,
    info: { sequencesMax: 16 },
    report: { running: 4, waiting: 0, steps: 0, promptTokens: 0, generatedTokens: 0, ...report },
  } as unknown as CopyObservation;
}

describe('the service of a copy', () => {
  const question = {
    component,
    min: 0,
    max: 8,
    copies: 1,
    share: 0.95,
    firstTokenMs: 1_000,
    idleCostShare: 1,
  };

  it('is learned from the seconds in which it always computed', () => {
    const board = new LoadBoard(
      new Reports(),
      () => start,
      () => {},
    );
    const estimates = new ServiceEstimates();
    let steps = 0;
    let promptTokens = 0;
    let now = start;
    const look = (running: number) => {
      const report = { running, steps, promptTokens, generatedTokens: steps * 4 };
      const all = [{ record: recordOf(CopyState.Ready, start), seen: seenOf(now, report) }];
      return estimates.situation(board, { ...question, now, all });
    };
    look(4);
    // 8,000 prompt tokens a second, 10 ms a step of four: a second in which half the time went to each.
    for (let second = 0; second < 120; second++) {
      const part = 0.3 + 0.4 * ((second * 7) % 10) * 0.1;
      steps += Math.round((1_000 * (1 - part)) / 10);
      promptTokens += Math.round(8_000 * part);
      now += 1_000;
      look(4);
    }
    const { service } = look(4);
    expect(service.sequencesMax).toBe(16);
    expect(Math.abs(service.promptTokensPerSecond / 8_000 - 1)).toBeLessThan(0.15);
    expect(Math.abs((service.stepMs + 4 * service.stepMsPerSequence) / 10 - 1)).toBeLessThan(0.15);
    // A long pause says nothing of its speed.
    now += 60_000;
    const before = look(0).service.stepMs;
    now += 1_000;
    expect(look(0).service.stepMs).toBe(before);
  });
});
