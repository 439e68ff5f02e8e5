/**
 * The control plane at scale: requests a second of its API at 10,000 components, over HTTP as clients reach it, and
 * what a turn of the loop takes as the fleet grows. Copies are made by a fleet without processes, so all time is the
 * control plane's own; its state is in SQLite, durable at each call.
 */
import { systemClock } from '../../src/adapters/clock/system.js';
import { createKeyAuthenticator } from '../../src/adapters/identity/key-file/authenticator.js';
import { KeyStore } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createListener } from '../../src/api/http/listener.js';
import { createControlFrontEnd } from '../../src/api/sagemaker/control/front-end.js';
import { type Bench, type BenchContext, programFile, temporaryFolder } from '../bench.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { type Bed, componentName, driveUntil, fill, makeBed, scope } from './fleet-of-components.js';

const sizes = [100, 1_000, 10_000];
/** Turns without work that are timed, and changes of one component. */
const turns = 30;
const connections = 8;
const loadMs = { full: 8_000, quick: 3_000 };
const quietLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const controlBench: Bench = {
  name: 'control',
  measures: 'the control API at 10,000 components, and turns of its loop as the fleet grows',
  async run(context) {
    const rows: Row[] = [];
    for (const size of sizes) {
      const bed = makeBed();
      context.say(`${size} components are created`);
      const fillMs = fill(bed, size);
      rows.push(makeRow(`${size} components created and running`, 'ms each', fillMs / size));
      rows.push(...turnRows(bed, size));
      if (size === sizes.at(-1)) rows.push(...(await apiRows(context, bed, size)));
      bed.control.abandon();
    }
    return rows;
  },
};

function turnRows({ clock, control, fleet }: Bed, size: number): readonly Row[] {
  driveUntil(clock, () => true);
  const idle: number[] = [];
  for (let turn = 0; turn < turns; turn++) idle.push(clock.step() ?? 0);
  const changes: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const name = componentName((turn * 7919) % size);
    const before = fleet.copies.size;
    const begin = performance.now();
    control.execute('UpdateInferenceComponentRuntimeConfig', scope, {
      inferenceComponentName: name,
      desiredRuntimeConfig: { copyCount: 2 },
    });
    const commanded = performance.now() - begin;
    changes.push(commanded + driveUntil(clock, () => fleet.copies.size > before));
  }
  return [
    makeRow(`a turn with nothing to do, ${size} components`, 'ms', median(idle)),
    makeRow(`one more copy, from the call to its start, ${size}`, 'ms of computing', median(changes), null, {
      comparison: Comparison.Below,
      limit: 100,
    }),
  ];
}

async function apiRows(context: BenchContext, { control }: Bed, size: number): Promise<readonly Row[]> {
  const { store, first } = KeyStore.open(temporaryFolder(), systemClock);
  const signatures = new SignatureVerifier(systemClock);
  const authenticator = createKeyAuthenticator({ store, signatures, clock: systemClock, log: quietLog });
  const frontEnd = createControlFrontEnd({
    control,
    homeRegion: scope.region,
  });
  const listener = createListener({
    frontEnds: [frontEnd],
    authenticator,
    authorize: () => undefined,
    clock: systemClock,
    random: systemRandom,
    log: quietLog,
  });
  const listening = await listener.start('127.0.0.1', 0);
  const calls = [
    [
      'DescribeInferenceComponent',
      500,
      (index: number) => ({ InferenceComponentName: componentName(index) }),
    ],
    ['ListInferenceComponents', 1, () => ({ MaxResults: 100 })],
    ['ListInferenceComponents', 1, () => ({ MaxResults: 100, NameContains: '99', SortBy: 'Name' })],
  ] as const;
  const rows: Row[] = [];
  for (const [operation, count, bodyOf] of calls) {
    const bodies = Array.from({ length: count }, (_, index) => JSON.stringify(bodyOf((index * 7919) % size)));
    context.say(`${operation} ${bodies[0]}`);
    const ms = context.isQuick ? loadMs.quick : loadMs.full;
    const key = first?.bearer ?? '';
    const task = JSON.stringify({ port: listening.port, key, operation, bodies, connections, ms });
    const program = programFile(context, 'control/control-load');
    const said = await context.children.run(process.execPath, [program, task], { msMax: ms + 20_000 });
    const { perSecond, p99, failed } = JSON.parse(said) as { perSecond: number; p99: number; failed: number };
    if (failed > 0) throw new Error(`${failed} calls of ${operation} failed`);
    const label = operation === 'DescribeInferenceComponent' ? operation : `${operation} ${bodies[0]}`;
    rows.push(makeRow(`${label}, ${size} components`, 'requests/s', perSecond));
    rows.push(makeRow(`${label}, ${connections} connections`, 'ms p99', p99));
  }
  await listening.close(0);
  authenticator.close();
  return rows;
}
