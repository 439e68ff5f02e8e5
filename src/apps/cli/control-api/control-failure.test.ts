import { expect, it } from 'vitest';
import { errorOfControl } from './control-failure.js';

const answered = (status: number, headers = {}) => ({
  $metadata: { httpStatusCode: status },
  $response: { headers },
});

it.each([
  [
    'a text of the table, with its cause and mend',
    { ...answered(400), message: 'REQ-210: no (cause: why); mend: do' },
    { code: 'REQ-210', message: 'no', reason: 'why', mend: 'do' },
  ],
  [
    'a sentence of AWS from a Stowage, which names the code beside it',
    { ...answered(400, { 'x-stowage-error': 'STATE-700' }), message: 'Cannot update …' },
    {
      code: 'STATE-700',
      message: 'Cannot update …',
      mend: expect.stringContaining('stowage get KIND') as string,
    },
  ],
  [
    'a constraint of AWS, which names the member',
    {
      ...answered(400, { 'x-stowage-error': 'REQ-210' }),
      message: "1 validation error detected: Value '' at 'endpointName' failed to satisfy constraint: …",
    },
    { code: 'REQ-210', mend: 'correct the field `endpointName`' },
  ],
  [
    'a sentence that names no member',
    { ...answered(400, { 'x-stowage-error': 'REQ-210' }), message: 'no' },
    { code: 'REQ-210', mend: '' },
  ],
  [
    'a thing that is not there, from AWS',
    { ...answered(400), name: 'ValidationException', message: 'Could not find endpoint "x".' },
    { code: 'NAME-410' },
  ],
  [
    'a taken name, from AWS',
    { ...answered(400), message: 'Cannot create already existing …' },
    { code: 'NAME-411' },
  ],
  [
    'a quota, from AWS',
    { ...answered(400), name: 'ResourceLimitExceeded', message: 'x' },
    { code: 'LIMIT-710' },
  ],
  [
    'a wrong signature, from AWS',
    { ...answered(403), name: 'InvalidSignatureException', message: 'x' },
    { code: 'KEY-404', message: 'InvalidSignatureException: x' },
  ],
  [
    'a key that may not, from AWS',
    { ...answered(400), name: 'AccessDeniedException', message: 'x' },
    { code: 'KEY-404', message: 'AccessDeniedException: x' },
  ],
  [
    'an operation that is not known there',
    { ...answered(400), name: 'UnknownOperationException', message: 'x' },
    { code: 'NAME-406', message: 'UnknownOperationException: x' },
  ],
  [
    'another refusal, from AWS',
    { ...answered(400), name: 'ValidationException', message: 'x' },
    { code: 'HOST-607', message: 'no answer from HERE: it answered 400, ValidationException: x' },
  ],
  ['a closed port', { cause: { code: 'ECONNREFUSED' } }, { code: 'HOST-607' }],
  ['no credentials', { name: 'CredentialsProviderError', message: 'none' }, { code: 'KEY-400' }],
])('%s is an error of the table', (_, failure, expected) => {
  const error = errorOfControl(Object.assign(new Error(), failure), 'HERE');
  expect({ code: error.code, message: error.message, reason: error.reason, mend: error.mend }).toMatchObject(
    expected,
  );
});
