import { expect, it } from 'vitest';
import { pathParts } from './path.js';

it.each([
  ['/a/b', ['a', 'b']],
  ['/', ['']],
  ['/a%2Fb/c', ['a/b', 'c']],
  ['/a//b', ['a', '', 'b']],
  ['/%', undefined],
  ['/%ff', undefined],
])('%s has the parts %o', (path, parts) => {
  expect(pathParts(path)).toEqual(parts);
});
