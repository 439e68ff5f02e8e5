import { describe, expect, it } from 'vitest';
import type { ScheduledActionRecord } from '../../domain/scaling.js';
import { calendarOf, missedRun, nextRun } from './schedules.js';

const created = Date.parse('2026-01-01T00:00:00Z');

function times(schedule: string, count = 3, zone: string | null = null, from = created): readonly string[] {
  const calendar = calendarOf(schedule, zone, created);
  const found: string[] = [];
  for (let at: number | null = from; found.length < count;) {
    at = calendar?.next(at) ?? null;
    if (at === null) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('the times of a schedule', () => {
  it.each([
    ['at(2026-11-21T19:30:00)', ['2026-11-21T19:30']],
    ['rate(5 minutes)', ['2026-01-01T00:05', '2026-01-01T00:10', '2026-01-01T00:15']],
    ['rate(1 day)', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['cron(0 10 * * ? *)', ['2026-01-01T10:00', '2026-01-02T10:00', '2026-01-03T10:00']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00']],
    ['cron(0 18 ? * 2-6 *)', ['2026-01-01T18:00', '2026-01-02T18:00', '2026-01-05T18:00']],
    ['cron(15 10 L * ? *)', ['2026-01-31T10:15', '2026-02-28T10:15', '2026-03-31T10:15']],
    ['cron(15 10 15W * ? *)', ['2026-01-15T10:15', '2026-02-16T10:15', '2026-03-16T10:15']],
    ['cron(15 10 ? * 6L *)', ['2026-01-30T10:15', '2026-02-27T10:15', '2026-03-27T10:15']],
    ['cron(15 10 ? * 6#3 *)', ['2026-01-16T10:15', '2026-02-20T10:15', '2026-03-20T10:15']],
    ['cron(15 10 ? * L *)', ['2026-01-03T10:15', '2026-01-10T10:15', '2026-01-17T10:15']],
    ['cron(0/20 8 1 * ? *)', ['2026-01-01T08:00', '2026-01-01T08:20', '2026-01-01T08:40']],
    ['cron(0 8 1 JAN,JUL ? 2027-2028)', ['2027-01-01T08:00', '2027-07-01T08:00', '2028-01-01T08:00']],
    ['cron(0 8 1 1 ? 2020)', []],
  ])('%s', (schedule, expected) => {
    expect(times(schedule)).toEqual(expected);
  });

  it('follows daylight saving: a time that does not exist comes later, one that comes twice runs once', () => {
    const berlin = 'Europe/Berlin';
    expect(times('cron(0 8 ? * SUN *)', 1, berlin, Date.parse('2026-03-28T12:00:00Z'))).toEqual([
      '2026-03-29T06:00',
    ]);
    expect(times('cron(0 8 ? * SAT *)', 1, berlin, Date.parse('2026-03-27T12:00:00Z'))).toEqual([
      '2026-03-28T07:00',
    ]);
    expect(times('cron(30 2 29 3 ? 2026)', 2, berlin)).toEqual(['2026-03-29T01:00']);
    expect(times('cron(30 2 25 10 ? 2026)', 2, berlin)).toEqual(['2026-10-25T00:30']);
    expect(times('at(2026-07-01T09:00:00)', 1, 'America/New_York')).toEqual(['2026-07-01T13:00']);
  });

  it.each([
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(0 10 * * ?)',
    'cron(61 10 * * ? *)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'at(tomorrow)',
    'daily',
  ])('cannot read %s', (schedule) => {
    expect(calendarOf(schedule, null, created)).toBeNull();
  });

  it('cannot read a time zone that is none', () => {
    expect(calendarOf('cron(0 10 * * ? *)', 'Mars/Olympus', created)?.next(created) ?? null).toBeNull();
  });
});

describe('a scheduled action', () => {
  const action: ScheduledActionRecord = {
    kind: 'scheduled-action',
    scope: { account: '111122223333', region: 'us-east-1' },
    name: 'inference-component/a#morning',
    resourceId: 'inference-component/a',
    actionName: 'morning',
    id: 'one',
    createdAt: created,
    schedule: 'cron(0 8 * * ? *)',
    timezone: null,
    startAt: null,
    endAt: null,
    minCapacity: 2,
    maxCapacity: null,
    lastRunAt: null,
  };
  const at = (text: string) => Date.parse(`${text}:00Z`);

  it('runs within its start and its end', () => {
    expect(nextRun(action)).toBe(at('2026-01-01T08:00'));
    expect(nextRun({ ...action, startAt: at('2026-01-05T08:00') })).toBe(at('2026-01-05T08:00'));
    expect(nextRun({ ...action, endAt: at('2026-01-01T07:00') })).toBeNull();
  });

  it('makes up for the last run that it missed, and for no other', () => {
    expect(missedRun(action, at('2026-01-01T07:59'))).toBeNull();
    expect(missedRun(action, at('2026-01-04T12:00'))).toBe(at('2026-01-04T08:00'));
    expect(missedRun({ ...action, lastRunAt: at('2026-01-04T08:00') }, at('2026-01-04T12:00'))).toBeNull();
  });

  it('was due by no one before its times were said', () => {
    const changed = { ...action, definedAt: at('2026-01-04T12:00') };
    expect(missedRun(changed, at('2026-01-04T12:01'))).toBeNull();
    expect(nextRun(changed)).toBe(at('2026-01-05T08:00'));
    const backdated = { ...changed, startAt: at('2020-01-01T00:00') };
    expect(missedRun(backdated, at('2026-01-04T12:01'))).toBeNull();
    expect(missedRun({ ...changed, lastRunAt: at('2026-01-02T08:00') }, at('2026-01-05T07:59'))).toBeNull();
  });

  it.each([
    ['rate(1 minute)', '2026-01-04T12:00'],
    ['rate(7 days)', '2026-01-01T00:00'],
    ['cron(* * * * ? *)', '2026-01-04T12:00'],
    ['cron(0 8 29 2 ? *)', '2024-02-29T08:00'],
    ['cron(* * 1 1 ? *)', '2026-01-01T23:59'],
  ])('makes up for the last of %s after 56 years, without looking at each', (schedule, last) => {
    const old = { ...action, schedule, createdAt: 0, startAt: at('1970-01-01T00:00') };
    const began = performance.now();
    expect(missedRun(old, at('2026-01-04T12:00') + 30_000)).toBe(at(last));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(missedRun({ ...old, endAt: at('1970-01-02T00:00') }, created)).not.toBe(at(last));
  });

  it.each(['rate(1 minute)', 'cron(0 8 * * ? *)', 'at(2026-11-21T19:30:00)'])(
    '%s that begins where dates end never runs',
    (schedule) => {
      const late = { ...action, schedule, startAt: 8.64e15 };
      expect(nextRun(late)).toBeNull();
      expect(missedRun(late, created)).toBeNull();
    },
  );
});
