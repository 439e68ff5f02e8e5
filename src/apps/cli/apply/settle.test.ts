import { expect, it } from 'vitest';
import { failureReasonOf } from '../../../decide/reconcile/failures.js';
import { StowageError } from '../../../domain/errors.js';
import type { ControlApi } from '../control-api/control-api.js';
import { ExitCode, exitCodeOf } from '../exit-code.js';
import { componentInService, componentWithin } from './settle.js';

const noRoom = failureReasonOf(StowageError.of('CAP-106', { details: '993 copies wait.' }).toData());

/** A server that describes the component so. */
function apiWith(status: string, copies: number, failureReason: string | null): ControlApi {
  const description = {
    inferenceComponentStatus: status,
    runtimeConfig: { desiredCopyCount: 999, currentCopyCount: copies },
    ...(failureReason === null ? {} : { failureReason }),
  };
  return {
    region: 'eu-central-1',
    regionFlag: ' --region eu-central-1',
    address: 'HERE',
    call: () => expect.unreachable(),
    find: <Output>() => Promise.resolve(description as Output),
    list: () => expect.unreachable(),
    close: () => undefined,
  };
}

it.each(['InService', 'Failed'])(
  'a component that settled %s without room is not waited for',
  async (status) => {
    const { waitingFor, failure } = await componentInService('x').look(apiWith(status, 6, noRoom));
    expect([waitingFor, failure?.code, failure?.mend]).toEqual([
      null,
      'CAP-106',
      'stowage explain component/x --region eu-central-1',
    ]);
    expect(failure?.message).toBe(`component/x: ${noRoom}`);
    expect(exitCodeOf(failure)).toBe(ExitCode.NoCapacity);
  },
);

it.each([
  [apiWith('Updating', 6, noRoom), `Updating, 6 of 999 copies: ${noRoom}`],
  [apiWith('InService', 6, null), 'InService, 6 of 999 copies'],
  [apiWith('InService', 999, null), null],
])('what still changes is waited for, and its reason told', async (api, waitingFor) => {
  expect(await componentInService('x').look(api)).toMatchObject({ waitingFor, failure: null });
});

it('scaling is waited for until the number is within its bounds', async () => {
  const within = (max: number) => componentWithin('x', { min: 1, max }).look(apiWith('InService', 999, null));
  expect((await within(3)).waitingFor).toBe('999 copies are wanted, 1 to 3 may be');
  expect((await within(999)).waitingFor).toBeNull();
});
