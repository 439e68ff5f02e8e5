import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { asStowageError, errorTable, StowageError } from '../../src/domain/errors.js';
import type { ErrorCode } from '../../src/domain/errors.js';
import { readReason, renderErrorPage } from './error-page.js';

const page = path.resolve(import.meta.dirname, '../../docs/errors.md');
const written = existsSync(page) ? readFileSync(page, 'utf8') : '';
const codes = Object.keys(errorTable) as ErrorCode[];

test('docs/errors.md says what the table says, for every code', async () => {
  await expect(renderErrorPage(written)).toMatchFileSnapshot(page);
});

test.each(codes)('docs/errors.md says why %s happens', (code) => {
  expect(readReason(written, code)).toMatch(/^[A-Z`“].{30,}\.$/);
});

test('a row that is not in the page, or says something else there, is noticed', () => {
  expect(renderErrorPage(written.replace('### CTX-201', '### CTX-299'))).toContain('(to be written)');
  const changed = written.replace('> the prompt is empty', '> the prompt is full');
  expect(renderErrorPage(changed)).not.toBe(changed);
});

/** Rows whose messages are sentences of SageMaker's, because its clients and their users look for them. */
const sageMakersWords: ReadonlySet<ErrorCode> = new Set([
  'NAME-410',
  'NAME-411',
  'NAME-412',
  'NAME-413',
  'STATE-700',
  'STATE-703',
  'LIMIT-710',
  'CAP-106',
  'COLD-504',
  'CAP-107',
]);

describe('the table', () => {
  test('codes are a family and three digits, and no two share a family and number', () => {
    for (const code of codes) expect(code).toMatch(/^[A-Z]{3,5}-\d{3}$/);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('texts are one line that goes on after “error[CODE]: ”: no capital, no full stop, no path', () => {
    for (const code of codes) {
      const { message, mend } = errorTable[code];
      for (const text of sageMakersWords.has(code) ? [mend] : [message, mend]) {
        expect(text, code).not.toMatch(/\n|\.$|^\s|\s$|(^|\s)\/\w/);
        expect(text, code).not.toMatch(/^[A-Z][a-z]/);
      }
    }
  });

  test('every placeholder is filled from its parameter', () => {
    for (const code of codes) {
      const { message, mend } = errorTable[code];
      const names = [...`${message} ${mend}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const parameters = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const error = StowageError.of(code, parameters as never);
      for (const name of names) expect(error.message + error.mend).toContain(`<${name}>`);
      expect(error.message + error.mend).not.toMatch(/\{\w+\}/);
    }
  });

  test('a code survives being wrapped and being sent', () => {
    const error = StowageError.of('CTX-201', {}, { retryAfterSeconds: 3 });
    expect(asStowageError(new Error('outer', { cause: new Error('inner', { cause: error }) }))).toBe(error);
    expect(StowageError.fromData(JSON.parse(JSON.stringify(error.toData())))).toMatchObject({
      code: 'CTX-201',
      message: error.message,
      mend: error.mend,
      retryAfterSeconds: 3,
    });
    expect(asStowageError('a text')).toMatchObject({ code: 'INT-500', cause: 'a text' });
  });
});
