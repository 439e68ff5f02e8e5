import { describe, expect, it } from 'vitest';
import { desiredOf, madeOf, options, told, withComponent } from '../../../test/plan/made.js';
import { compare } from './compare.js';

describe('copies that follow the load', () => {
  const scaled = (copies: string) => `
endpoint: a
components:
  x: { engine: simulated, copies: ${copies} }
`;
  const bounds = '{ min: 1, max: 4, target: { invocationsPerCopy: 60 } }';
  const running = madeOf(desiredOf(scaled(bounds)));
  const night = '{ name: night, schedule: rate(1 day), max: 2 }';
  const withNight = scaled(`{ min: 1, max: 4, target: { invocationsPerCopy: 60 }, schedules: [${night}] }`);
  const withSchedule = madeOf(desiredOf(withNight));
  const scaling = withSchedule.components[0]!.scaling!;

  it.each([
    ['the number is within the bounds', scaled(bounds), withComponent(running, 'x', { copiesWanted: 3 }), []],
    [
      'the number is above them',
      scaled(bounds),
      withComponent(running, 'x', { copiesWanted: 6, copies: 6 }),
      ['update component/x !', 'scale-component', 'tag'],
    ],
    [
      'a schedule of the file has set others',
      withNight,
      withComponent(withSchedule, 'x', { scaling: { ...scaling, max: 2 } }),
      [],
    ],
    [
      'somebody has set others',
      withNight,
      withComponent(withSchedule, 'x', { scaling: { ...scaling, max: 3 } }),
      ['update component/x', 'scale-by-load', 'tag'],
    ],
    ['a schedule goes', scaled(bounds), withSchedule, ['update component/x', 'scale-by-load', 'tag']],
    ['it scales no more', scaled('1'), running, ['update component/x', 'stop-scaling', 'tag']],
    [
      'somebody else lets it scale',
      scaled('1'),
      withComponent(running, 'x', { scaling: { ...scaling, policy: null } }),
      [],
    ],
  ])('when %s', (_, yaml, observed, expected) => {
    expect(told(compare(desiredOf(yaml), observed, options))).toEqual(expected);
  });

  it('are let go before their component is deleted', () => {
    const other = 'endpoint: a\ncomponents: { y: { engine: simulated } }\n';
    const pruned = compare(desiredOf(other), running, { ...options, prune: true });
    expect(pruned.steps.map((step) => step.do).slice(0, 4)).toContain('stop-scaling');
    const names = pruned.steps.map((step) => step.do);
    expect(names.indexOf('stop-scaling')).toBeLessThan(names.indexOf('delete-component'));
  });
});
