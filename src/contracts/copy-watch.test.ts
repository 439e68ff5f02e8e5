import { expect, it } from 'vitest';
import type { InferenceComponent } from '../domain/component.js';
import type { CopyReport } from '../domain/copy.js';
import { CopyWatch } from './copy-watch.js';
import type { WorkerLinkEvents } from './worker-link.js';

const working: CopyReport = {
  running: 1,
  waiting: 0,
  steps: 10,
  slowestStepMs: 5,
  kvCellsUsed: 0,
  kvCellsTotal: 100,
  memoryBytes: 0,
  threads: 1,
  promptTokens: 0,
  generatedTokens: 0,
};
/** As much of it as is looked at. */
const component = { name: 'chat', scope: {}, resources: { memoryBytesMax: 0 } } as InferenceComponent;
const speculation = { proposedTokens: 0, acceptedTokens: 0, steps: 0 };

it.each<[string, Partial<CopyReport>, Partial<CopyReport>, boolean]>([
  ['a step', {}, { steps: 11 }, true],
  ['no step', {}, {}, false],
  ['waking', { isAsleep: true }, { isAsleep: true }, false],
  ['having woken', { isAsleep: true }, { isAsleep: false }, true],
  [
    'a step of the draft model',
    { speculation: { ...speculation, draftSteps: 3 } },
    { speculation: { ...speculation, draftSteps: 4 } },
    true,
  ],
])('%s is progress or not: %j, then %j: %s', (_name, before, after, isProgress) => {
  let now = 1000;
  const seen: { events: WorkerLinkEvents | null } = { events: null };
  const watch = new CopyWatch({
    clock: { now: () => now, wallNow: () => now, after: () => () => {} },
    dialer: {
      dial: (_address, _copy, events) => {
        seen.events = events;
        return { send: () => {}, close: () => {} };
      },
    },
    copy: { id: 'chat-0', incarnation: 1 },
    component,
    instance: 'here',
    address: 'nowhere',
    threads: 1,
    onChange: () => {},
    onOverLimit: () => {},
  });
  seen.events?.onOpen();
  seen.events?.onMessage({ type: 'report', report: { ...working, ...before } });
  now = 2000;
  seen.events?.onMessage({ type: 'report', report: { ...working, ...after } });
  expect(watch.observation(null).progressAt).toBe(isProgress ? 2000 : 1000);
});
