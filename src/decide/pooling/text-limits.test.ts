import { expect, it } from 'vitest';
import { textLimits } from './text-limits.js';

it.each([
  [0, 512, 512, { textTokensMax: 512, batchTokensMax: 512 }],
  [0, 512, 32_768, { textTokensMax: 2048, batchTokensMax: 2048 }],
  [8192, 512, 32_768, { textTokensMax: 8192, batchTokensMax: 8192 }],
  [64, 2048, 512, { textTokensMax: 64, batchTokensMax: 512 }],
  [64, 128, 512, { textTokensMax: 64, batchTokensMax: 128 }],
  [8192, 512, 256, { textTokensMax: 256, batchTokensMax: 512 }],
])(
  'max_model_len %i with %i tokens a batch, trained for %i',
  (modelTokensMax, stepTokensMax, trained, limits) => {
    expect(textLimits({ modelTokensMax, stepTokensMax }, trained)).toEqual(limits);
  },
);
