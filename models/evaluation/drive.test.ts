/** With an engine that computes nothing. */
import { describe, expect, it } from 'vitest';
import type { Engine, EngineInfo } from '../../src/contracts/engine.js';
import { drive, type Reading } from './drive.js';

const stepsMax = 50;

function engineOf(info: Pick<EngineInfo, 'sequencesMax' | 'sequenceTokensMax' | 'stepTokensMax'>) {
  const rows = () => new Int32Array(info.stepTokensMax);
  const batch = {
    length: 0,
    tokens: rows(),
    positions: rows(),
    sequences: rows(),
    outputs: new Int8Array(99),
  };
  const lengths: number[] = [];
  const step = () => {
    lengths.push(batch.length);
    return lengths.length > stepsMax ? Promise.reject(new Error('it does not end')) : Promise.resolve();
  };
  const logits = () => Float32Array.of(0, 1);
  return { engine: { info, batch, step, logits, forget: () => {} } as unknown as Engine, lengths };
}

const reading = (length: number): Reading => ({
  first: { kept: 0, tokens: new Array<number>(length).fill(1), logitsFrom: length - 1 },
  next: () => null,
});

async function driven(engine: Engine, lengths: readonly number[]): Promise<number[]> {
  const done: number[] = [];
  await drive(engine, lengths.map(reading), (count) => done.push(count));
  return done;
}

describe('readings that are driven together', () => {
  it('fill steps in their order, and wait where they do not fit', async () => {
    const { engine, lengths } = engineOf({ sequencesMax: 3, sequenceTokensMax: 8, stepTokensMax: 12 });
    expect(await driven(engine, [8, 7, 4, 2])).toEqual([1, 2, 3, 4]);
    expect(lengths).toEqual([12, 9]); // 8 + 4, then 2 + 7
  });

  it('are refused before the first step where a prompt is longer than a sequence', async () => {
    const { engine, lengths } = engineOf({ sequencesMax: 3, sequenceTokensMax: 8, stepTokensMax: 12 });
    const message = 'the prompt of reading 2 of 2 has 9 tokens; at most 8 fit';
    await expect(driven(engine, [3, 9])).rejects.toThrow(message);
    expect(lengths).toEqual([]);
  });

  it('are refused where a prompt is longer than a step', async () => {
    const { engine } = engineOf({ sequencesMax: 3, sequenceTokensMax: 8, stepTokensMax: 4 });
    await expect(driven(engine, [5])).rejects.toThrow('reading 1 of 1 has 5 tokens; at most 4 fit');
  });
});
