import { describe, expect, it } from 'vitest';
import type { AlarmDefinition } from '../../domain/alarm.js';
import { evaluateAlarm } from './evaluate.js';

describe('an alarm', () => {
  const definition: AlarmDefinition = {
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
  };
  const stateOf = (change: Partial<AlarmDefinition>, points: readonly (number | null)[]) =>
    evaluateAlarm({ ...definition, ...change }, points)?.state ?? 'stays';

  it.each([
    [{}, [6, 6, 1], 'ALARM'],
    [{}, [6, 1, 1], 'OK'],
    [{}, [5, 5, 5], 'OK'],
    [{ comparisonOperator: 'GreaterThanOrEqualToThreshold' }, [5, 5, 5], 'ALARM'],
    [{ comparisonOperator: 'LessThanThreshold' }, [4, 4, 9], 'ALARM'],
    [{ comparisonOperator: 'LessThanOrEqualToThreshold' }, [5, 9, 9], 'OK'],
    [{ datapointsToAlarm: 1 }, [6, 1, 1], 'ALARM'],
  ] as const)('%j of %j is %s', (change, points, expected) => {
    expect(stateOf(change, points)).toBe(expected);
  });

  // The two tables of "Configuring how CloudWatch alarms treat missing data": 0 is well, X breaches, - is missing; the
  // states are those for missing, ignore, breaching and notBreaching.
  it.each([
    [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    [3, '- - - - -', 'INSUFFICIENT_DATA', 'stays', 'ALARM', 'OK'],
    [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [3, '- - X - -', 'ALARM', 'stays', 'ALARM', 'OK'],
    [3, '- - - - X', 'OK', 'stays', 'ALARM', 'OK'],
    [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - X -', 'ALARM', 'stays', 'ALARM', 'OK'],
  ] as const)('needing %s of 3 in %s', (datapointsToAlarm, text, ...expected) => {
    const values = { '0': 1, X: 6, '-': null } as const;
    const points = text.split(' ').map((one) => values[one as keyof typeof values]);
    const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
    const states = treatments.map((treatMissingData) =>
      stateOf({ datapointsToAlarm, treatMissingData }, points),
    );
    expect(states).toEqual(expected);
  });
});
