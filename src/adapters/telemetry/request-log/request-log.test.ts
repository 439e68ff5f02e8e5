import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../contracts/request-journal.js';
import { readTrace } from '../../../toolkit/forecast/trace/read-trace.js';
import { systemClock } from '../../clock/system.js';
import { silentLog } from '../memory/telemetry.js';
import { RequestLog } from './request-log.js';

const folder = mkdtempSync(join(tmpdir(), 'request-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function entry(at: number): JournalEntry {
  return {
    ...{
      at,
      endpoint: 'e',
      component: 'chat',
      key: 'key-1',
      promptTokens: 7,
      generatedTokens: 3,
      cachedTokens: 2,
    },
    ...{ firstTokenMs: 12.3456, totalMs: 20, outcome: 'completed', code: null },
  };
}

describe('the request log', () => {
  it('is a trace that a forecast reads, with nothing said in it', async () => {
    const file = join(folder, 'first.jsonl');
    const log = new RequestLog(file, systemClock, silentLog);
    for (const at of [1000, 1500]) log.note(entry(at));
    await log.close();
    const { format, rows } = await readTrace(file);
    expect(format).toBe('request-log');
    expect(
      rows.map(({ at, component, promptTokens, outputTokens, cachedTokens }) => [
        at,
        component,
        promptTokens,
        outputTokens,
        cachedTokens,
      ]),
    ).toEqual([
      [0, 'chat', 7, 3, 2],
      [500, 'chat', 7, 3, 2],
    ]);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!) as object)).toEqual(
      Object.keys(entry(0)),
    );
  });

  it('sets full files aside and keeps only so many', async () => {
    const file = join(folder, 'second.jsonl');
    for (let round = 0; round < 8; round++) {
      const log = new RequestLog(file, systemClock, silentLog, 1);
      log.note(entry(round));
      await log.close();
    }
    expect([1, 2, 3, 4, 5].map((number) => existsSync(`${file}.${number}`))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect((JSON.parse(readFileSync(file, 'utf8')) as JournalEntry).at).toBe(7);
    expect((JSON.parse(readFileSync(`${file}.4`, 'utf8')) as JournalEntry).at).toBe(3);
  });
});
