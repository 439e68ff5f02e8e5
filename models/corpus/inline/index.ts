/** Samples of the inline task: cuts of files that are written for them. */
import type { Draw } from '../draw.js';
import type { InlineSample } from '../samples.js';
import { cuts } from './cuts.js';
import { drawFile } from './files.js';
import { restyled } from './restyle.js';

/** Several cuts of one file; none when the draw led to nothing. */
export function drawInline(draw: Draw): readonly InlineSample[] {
  const file = drawFile(draw);
  if (file === null) return [];
  return cuts(draw.random, file.shape, restyled(file.marked, file.style), draw.random.integer(2, 4));
}
