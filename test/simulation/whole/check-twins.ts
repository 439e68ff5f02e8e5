/**
 * Decisions are a function of the state, of what is observed and of the time: two control processes that begin on copies
 * of the same disk and are shown the same fleet write and do the same. What they are shown is read only, so that a
 * decision that changes what it looks at fails.
 */
import { createMemoryMetricStore } from '../../../src/adapters/metrics/memory/metric-store.js';
import { createMemoryStore } from '../../../src/adapters/store/memory/store.js';
import { MemoryTelemetry, silentLog } from '../../../src/adapters/telemetry/memory/telemetry.js';
import type { Fleet, FleetSnapshot } from '../../../src/contracts/fleet.js';
import type { Change } from '../../../src/contracts/store.js';
import { createControl } from '../../../src/control/control.js';
import { asStowageError } from '../../../src/domain/errors.js';
import { SeededRandom } from '../seeded-random.js';
import { VirtualClock } from '../virtual-clock.js';
import { frozen } from './crash-points.js';
import type { World } from './world.js';

/** Of the twins' lives, milliseconds: some turns. */
const lifeMs = 1_200;

export function checkTwins(world: World): void {
  const seen = world.observe();
  if (seen === null) return;
  const snapshot = frozen(seen);
  const [one, other] = [twin(world, snapshot), twin(world, snapshot)];
  if (one !== other) world.complain('two control processes that see the same decide differently');
}

/** What one of them writes and does, as text. */
function twin(world: World, snapshot: FleetSnapshot): string {
  const deeds: unknown[] = [];
  const clock = new VirtualClock(world.clock.wallNow() - world.clock.now());
  clock.stall(world.clock.now());
  const store = createMemoryStore();
  const [last] = world.disk.ledger({ isNewestFirst: true, limit: 1 });
  const records = world.disk.load().map(({ key, value }): Change => {
    return { key, value, expectedRevision: 0, event: 'record-copied', reason: 'a twin begins with it' };
  });
  if (records.length > 0) store.commit(records, last?.at ?? 0);
  const note = (name: string) => (wish: unknown) => void deeds.push([name, wish]);
  const fleet: Fleet = {
    placement: 'ours',
    observe: () => snapshot,
    apply: note('apply'),
    drain: note('drain'),
    remove: note('remove'),
    sleep: (copy) => void deeds.push(['sleep', copy]),
    setThreads: (copy, count) => void deeds.push(['setThreads', copy, count]),
    setAdapters: (copy, adapters) => void deeds.push(['setAdapters', copy, adapters]),
    logs: async () => [],
    onChange: () => () => undefined,
  };
  const control = createControl({
    store: {
      ...store,
      load: () => store.load().map(frozen),
      commit: (changes, at) => {
        deeds.push(['commit', changes, at]);
        return store.commit(frozen(changes), at);
      },
    },
    fleet,
    clock,
    random: new SeededRandom(7),
    log: {
      ...silentLog,
      error: (facts, message) => {
        const { err } = facts as { err?: Error };
        world.complain(`a twin says: ${message}: ${asStowageError(err).code} ${err?.stack ?? ''}`);
      },
    },
    telemetry: new MemoryTelemetry(),
    metrics: createMemoryMetricStore(),
    catalogue: new Map(world.parts.catalogue.map((type) => [type.name, type])),
    loadReports: { onReport: () => () => undefined },
    limits: world.parts.limits,
    home: world.parts.home,
  });
  clock.advance(lifeMs);
  control.abandon();
  return JSON.stringify(deeds);
}
