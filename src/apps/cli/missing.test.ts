import { expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { isMissing, withNearest } from './missing.js';

const error = StowageError.of('NAME-410', { kind: 'component', arn: 'inlin' });

it.each([
  ['the nearest name is proposed', ['chat', 'inline'], 'did you mean `component/inline`?'],
  ['and none that is too far', ['chat'], error.mend],
  ['and none where there is nothing', [], error.mend],
])('%s', (_, names, mend) => {
  const told = withNearest(error, 'component', 'inlin', names);
  expect([isMissing(told), told.message, told.mend]).toEqual([true, error.message, mend]);
});
