import { expect, it } from 'vitest';
import { errorTable } from '../../domain/errors.js';
import type { ErrorCode } from '../../domain/errors.js';
import { whyOf } from './error-page.js';

it('every code has its reason on the page', () => {
  const codes = Object.keys(errorTable) as ErrorCode[];
  expect(codes.filter((code) => (whyOf(code) ?? '').length < 20)).toEqual([]);
  expect(whyOf('CAP-106')).toMatch(/no room left/);
});
