import { expect, it } from 'vitest';
import { type ErrorCode, errorTable, Fault, StowageError } from '../../domain/errors.js';
import { errorHeaders, monitoringError } from './errors.js';

const codes = Object.keys(errorTable) as ErrorCode[];

it.each(codes)('%s has a name in both protocols', (code) => {
  const { fault } = errorTable[code];
  const error = monitoringError(StowageError.fromData({ code, message: 'it happened', mend: 'mend it' }));
  expect(error.message).toBe(`${code}: it happened; mend: mend it`);
  if (fault === Fault.Caller || fault === Fault.Missing || fault === Fault.Access) {
    expect(error.status).toBeLessThan(500);
  }
  if (fault === Fault.Model || fault === Fault.Host || fault === Fault.Stowage) {
    expect(error.status).toBeGreaterThanOrEqual(500);
  }
  const side = error.status < 500 ? 'Sender' : 'Receiver';
  expect(errorHeaders(error, 'r')).toMatchObject({ 'x-amzn-query-error': `${error.queryCode};${side}` });
});

it.each<[string, string, string]>([
  [
    "1 validation error detected: Value null at 'a' failed to satisfy constraint: Member must not be null",
    'MissingRequiredParameterException',
    'MissingParameter',
  ],
  [
    "2 validation errors detected: Value null at 'a' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'b' failed to satisfy constraint: Member must not be null",
    'MissingRequiredParameterException',
    'MissingParameter',
  ],
  [
    "2 validation errors detected: Value null at 'a' failed to satisfy constraint: Member must not be null; " +
      "Value '0' at 'b' failed to satisfy constraint: Member must have value greater than or equal to 1",
    'InvalidParameterValueException',
    'InvalidParameterValue',
  ],
  ["NUMBER_VALUE can not be converted to a String (at 'A')", 'SerializationException', 'MalformedInput'],
  ['The parameter Period is required.', 'InvalidParameterValueException', 'InvalidParameterValue'],
])('%s is %s', (problem, name, queryCode) => {
  const error = monitoringError(StowageError.of('REQ-210', { field: 'a', problem }));
  expect(error).toMatchObject({ name, queryCode, status: 400, message: problem });
});
