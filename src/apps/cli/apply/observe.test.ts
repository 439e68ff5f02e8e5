import { expect, it } from 'vitest';
import { type ErrorCode, StowageError } from '../../../domain/errors.js';
import type { DesiredEndpoint } from '../../../decide/plan/desired.js';
import type { ControlApi } from '../control-api/control-api.js';
import { observe } from './observe.js';

/** A server with one component, where Application Auto Scaling answers so. */
function apiWith(code: ErrorCode): ControlApi {
  const list = (operation: string) => {
    if (operation === 'ListInferenceComponents') return [{ inferenceComponentName: 'chat' }];
    if (operation === 'ListTags') return [];
    throw StowageError.fromData({ code, message: 'no', mend: '' });
  };
  return {
    ...{ region: 'us-east-1', regionFlag: '', address: 'HERE', call: () => expect.unreachable() },
    find: <Output>(operation: string) =>
      Promise.resolve(
        (operation === 'DescribeInferenceComponent'
          ? { inferenceComponentName: 'chat', endpointName: 'demo' }
          : null) as Output | null,
      ),
    list: <Entry>(operation: string) =>
      new Promise<Entry[]>((resolve) => resolve(list(operation) as Entry[])),
    close: () => undefined,
  };
}

const desired = {
  ...{ name: 'demo', components: [], models: [], config: { name: 'demo-config' } },
} as unknown as DesiredEndpoint;

it.each(['KEY-403', 'KEY-404', 'NAME-406', 'REQ-215'] as const)(
  'where nothing is to scale, scaling that cannot be asked for (%s) is none',
  async (code) => {
    const { components } = await observe(apiWith(code), desired, false);
    expect(components).toMatchObject([{ name: 'chat', scaling: null }]);
  },
);

it.each(['HOST-607', 'LIMIT-710'] as const)('any other failure (%s) is told', async (code) => {
  await expect(observe(apiWith(code), desired, false)).rejects.toMatchObject({ code });
});
