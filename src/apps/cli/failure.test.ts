import { describe, expect, it } from 'vitest';
import { ConfigurationErrors } from '../../api/configuration/configuration-errors.js';
import { StowageError } from '../../domain/errors.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { formatFailure } from './failure.js';

const style = { paint: (_: string, text: string) => text, debug: false };
const unknownKey = (line: number) =>
  StowageError.of(
    'FILE-011',
    { key: 'replica', suggestion: 'did you mean `copies`?' },
    { location: `stowage.yaml:${line}:7` },
  );
const capacity = StowageError.of(
  'CAP-102',
  { component: 'chat', needed: '2 accelerators', free: '1' },
  { location: 'stowage.yaml:14:5', reason: '`embed` holds the other one until 14:05' },
);

describe('an error on the terminal', () => {
  it('has code, place, cause, mend and where there is more', () => {
    expect(formatFailure(capacity, style)).toBe(
      [
        'error[CAP-102]: `chat` needs 2 accelerators; the largest free block is 1',
        '  --> stowage.yaml:14:5',
        'cause: `embed` holds the other one until 14:05',
        'mend:  lower `resources` or `copies`, or stop another component',
        'more:  stowage explain CAP-102',
      ].join('\n'),
    );
  });

  it('of a configuration shows every problem and their number', () => {
    const text = formatFailure(new ConfigurationErrors([unknownKey(9), unknownKey(10)], 3), style);
    expect(text.match(/^error\[FILE-011\]/gm)).toHaveLength(2);
    expect(text).toContain('  --> stowage.yaml:10:7\n');
    expect(text.endsWith('\n\n5 problems, 3 of them not shown')).toBe(true);
  });

  it('that nobody expected is INT-500 without its text, unless somebody debugs', () => {
    const thrown = new TypeError('secret of the inside', { cause: new Error('deeper') });
    expect(formatFailure(thrown, style)).not.toContain('secret');
    const debugged = formatFailure(thrown, { ...style, debug: true });
    expect(debugged).toContain('error[INT-500]');
    expect(debugged).toMatch(/TypeError: secret of the inside\n\s+at /);
    expect(debugged).toContain('caused by: Error: deeper');
  });
});

describe('the exit code', () => {
  it.each([
    [StowageError.of('USE-640', { problem: 'p', suggestion: 's' }), ExitCode.WrongUsage],
    [StowageError.of('KEY-402', {}), ExitCode.NotAllowed],
    [capacity, ExitCode.NoCapacity],
    [StowageError.of('COLD-503', {}), ExitCode.NoCapacity],
    [StowageError.of('NAME-404', { name: 'n', suggestion: 's' }), ExitCode.Failed],
    [new ConfigurationErrors([unknownKey(1)]), ExitCode.Failed],
    [new Error('x'), ExitCode.Failed],
    ['not even an error', ExitCode.Failed],
  ])('of %s is %d', (thrown, code) => {
    expect(exitCodeOf(thrown)).toBe(code);
  });
});
