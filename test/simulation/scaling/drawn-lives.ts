/** What a seed draws: components, their loads, and what befalls them. */
import type { InstanceType } from '../../../src/domain/instance.js';
import type { SeededRandom } from '../seeded-random.js';
import type { CopyFate } from './light-fleet.js';

const gibibyte = 1024 ** 3;

export interface ComponentLife {
  readonly name: string;
  readonly memoryMiB: number;
  readonly copies: number;
  readonly min: number;
  readonly max: number;
  /** A TargetTrackingScalingPolicyConfiguration; null = it only wakes. */
  readonly policy: (object & { readonly scaleInCooldown: number }) | null;
  /** Its policy takes an idle component to zero within minutes. */
  readonly isObjective: boolean;
  readonly arrivals: readonly { readonly at: number; readonly workMs: number }[];
}

export type Blow =
  | { readonly kind: 'crash' }
  | { readonly kind: 'kill-control'; readonly downMs: number }
  | { readonly kind: 'bounds'; readonly component: string; readonly min: number; readonly max: number }
  | { readonly kind: 'suspend'; readonly component: string; readonly isOn: boolean }
  | { readonly kind: 'by-hand'; readonly component: string; readonly copies: number };

export interface Life {
  readonly durationMs: number;
  readonly type: InstanceType;
  readonly instances: number;
  readonly hosts: readonly { readonly id: string; readonly memoryBytes: number }[];
  readonly components: readonly ComponentLife[];
  readonly faults: readonly { readonly at: number; readonly fault: Blow }[];
  readonly fate: (random: SeededRandom) => CopyFate;
}

export function drawLife(random: SeededRandom, durationMs: number): Life {
  const memoryBytes = (2 + random.below(14)) * gibibyte;
  const components = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    drawComponent(random, `model-${index}`, durationMs),
  );
  const [stillborn, crash] = [random.next() ** 3 * 0.6, random.next() ** 2 * 0.4];
  return {
    durationMs,
    type: {
      name: 'local.light',
      cpus: 8,
      memoryBytes: 8 * gibibyte,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
      zones: ['a'],
      pricePerHour: 1,
      countMax: 4,
    },
    instances: 1 + random.below(2),
    hosts: [{ id: 'host', memoryBytes }],
    components,
    faults: drawFaults(random, components, durationMs),
    fate: (draws) => ({
      startMs: 20 + draws.below(3_000),
      isStillborn: draws.happens(stillborn),
      crashMs: draws.happens(crash) ? draws.below(20_000) : null,
    }),
  };
}

function drawComponent(random: SeededRandom, name: string, durationMs: number): ComponentLife {
  const max = 1 + random.below(4);
  const min = random.below(3) === 0 ? Math.min(1, max) : 0;
  const kind = random.below(4);
  const concurrency = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
  const cooldowns = { scaleOutCooldown: random.below(30), scaleInCooldown: random.below(60) };
  const tracking = {
    targetValue: 1 + random.below(3),
    predefinedMetricSpecification: { predefinedMetricType: concurrency },
    ...cooldowns,
  };
  const metric = {
    namespace: 'Stowage',
    metricName: 'TimeToFirstToken',
    dimensions: [{ name: 'InferenceComponentName', value: name }],
  };
  const objective = {
    targetValue: 500 + random.below(3_000),
    customizedMetricSpecification: { metrics: [{ id: 'm', metricStat: { metric, stat: 'p95' } }] },
    ...cooldowns,
  };
  return {
    name,
    memoryMiB: 128 * (1 + random.below(12)),
    copies: random.below(max + 1),
    min,
    max,
    policy: kind === 0 ? null : kind === 1 ? tracking : objective,
    isObjective: kind > 1,
    arrivals: drawArrivals(random, durationMs),
  };
}

/** Stretches of calm, of steady load and of bursts. */
function drawArrivals(random: SeededRandom, durationMs: number): { at: number; workMs: number }[] {
  const arrivals: { at: number; workMs: number }[] = [];
  let at = random.below(5_000);
  while (at < durationMs && arrivals.length < 400) {
    const until = Math.min(durationMs, at + 2_000 + random.below(20_000));
    const gapMs = [Infinity, 4_000, 800, 150][random.below(4)]!;
    const workMs = 20 + random.below(2_500);
    while (at < until && gapMs !== Infinity) {
      arrivals.push({ at, workMs });
      at += 1 + Math.floor(-Math.log(1 - random.next()) * gapMs);
    }
    at = Math.max(at, until);
  }
  return arrivals;
}

function drawFaults(
  random: SeededRandom,
  components: readonly ComponentLife[],
  durationMs: number,
): { at: number; fault: Blow }[] {
  return Array.from({ length: random.below(8) }, () => {
    const { name: component } = components[random.below(components.length)]!;
    return { at: random.below(durationMs), fault: drawBlow(random, component) };
  });
}

function drawBlow(random: SeededRandom, component: string): Blow {
  switch (random.below(6)) {
    case 0:
    case 1:
      return { kind: 'crash' };
    case 2:
      return { kind: 'kill-control', downMs: 50 + random.below(5_000) };
    case 3: {
      const min = random.below(3);
      return { kind: 'bounds', component, min, max: min + random.below(4) };
    }
    case 4:
      return { kind: 'suspend', component, isOn: random.happens(0.5) };
    default:
      return { kind: 'by-hand', component, copies: random.below(5) };
  }
}
