import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import { drawInline } from './index.js';

/** What the suffix of a hole or a rest of a line begins with. */
function stopOf(suffix: string): string {
  return /^(?:\n|\) \{|\];|;|\)|, | && )/.exec(suffix)?.[0] ?? '';
}

describe('holes and rests of lines', () => {
  const samples = Array.from({ length: 1200 }, (_, at) =>
    drawInline(new Draw(new Random(`stops ${at}`))),
  ).flat();
  const cut = samples.filter(({ kind }) => kind === 'hole' || kind === 'rest of line');

  it.each([
    [';', 0.06],
    [')', 0.06],
    ['];', 0.03],
    [') {', 0.05],
    ['\n', 0.06],
    [', ', 0.02],
    [' && ', 0.003],
  ])('stop often before %j', (stop, least) => {
    const share = cut.filter(({ suffix }) => stopOf(suffix) === stop).length / cut.length;
    expect(share).toBeGreaterThan(least);
  });
});
