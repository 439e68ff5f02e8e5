import { describe, expect, it } from 'vitest';
import { duration, liveLine, openProgress } from './progress.js';
import type { Terminal } from './terminal.js';

function screen(isLive: boolean) {
  const said: string[] = [];
  const terminal: Terminal = {
    isDebug: false,
    isLive,
    columns: () => 60,
    write: () => expect.unreachable(),
    writeError: (text) => said.push(text),
    paint: (_, text) => text,
    paintData: (_, text) => text,
    say: (line) => said.push(`${line}\n`),
    warn: () => expect.unreachable(),
    fail: () => expect.unreachable(),
  };
  return { terminal, said };
}

const state = (fraction: number | null) => ({ phase: 'load model', fraction, detail: 'a/x' });

describe('the line of progress', () => {
  it('has the phase, how far, and how long still', () => {
    expect(liveLine(state(0.25), 10_000, 80)).toBe(
      '[######------------------]  25 %  load model  a/x  30 s left',
    );
    expect(liveLine(state(null), 10_000, 80)).toBe('load model  a/x  10 s so far');
    expect(liveLine(state(1), 10_000, 80)).toBe('[########################] 100 %  load model  a/x');
    expect(liveLine(state(0.5), 100, 80)).toBe('[############------------]  50 %  load model  a/x');
  });

  it('tells no time for what stands still, and none that grows', () => {
    const { terminal, said } = screen(false);
    let now = 0;
    const line = openProgress(terminal, () => now);
    for (now = 0; now <= 26_000; now += 100) line.update(state(now < 10_000 ? 0.25 : 0.5));
    expect(said).toEqual([
      '25 % load model  a/x  5 s so far\n',
      '50 % load model  a/x  20 s left\n',
      '50 % load model  a/x  15 s left\n',
      '50 % load model  a/x  10 s left\n',
      '50 % load model  a/x  5 s left\n',
    ]);
  });

  it('never fills a terminal’s whole width', () => {
    expect(liveLine({ ...state(0.5), detail: 'y'.repeat(100) }, 10_000, 40)).toHaveLength(39);
  });

  it('is redrawn in place on a terminal, not more often than the eye sees', () => {
    const { terminal, said } = screen(true);
    let now = 0;
    const line = openProgress(terminal, () => now);
    for (now = 0; now < 1000; now += 10) line.update(state(now / 1000));
    line.clear();
    line.clear();
    expect(said.length).toBeGreaterThan(8);
    expect(said.length).toBeLessThan(16);
    expect(said.slice(0, -1).every((text) => text.startsWith('\r\u001b[K['))).toBe(true);
    expect(said.at(-1)).toBe('\r\u001b[K');
  });

  it('is a static line now and then elsewhere, and none for what is short', () => {
    const { terminal, said } = screen(false);
    let now = 0;
    const line = openProgress(terminal, () => now);
    for (now = 0; now <= 12_000; now += 100) line.update(state(now / 20_000));
    line.clear();
    expect(said).toEqual(['25 % load model  a/x  15 s left\n', '50 % load model  a/x  10 s left\n']);
  });

  it.each([
    [3, '3 ms'],
    [1000, '1 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [200_000, '3 min 20 s'],
  ])('says %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
