/** Plans of YAML and the state that a server is in once they were made. For tests of plans. */
import { createHash } from 'node:crypto';
import { readConfiguration } from '../../src/api/configuration/read-configuration.js';
import { desiredEndpoint, TagKey } from '../../src/decide/plan/desired.js';
import type { DesiredEndpoint } from '../../src/decide/plan/desired.js';
import type { Observed, ObservedComponent } from '../../src/decide/plan/observed.js';
import type { Difference } from '../../src/decide/plan/step.js';

export const nothing: Observed = {
  endpoint: null,
  components: [],
  models: new Set(),
  configs: new Set(),
  parts: [],
};
export const options = { prune: false, catalogue: new Map() };

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function desiredOf(yaml: string): DesiredEndpoint {
  const [plan] = readConfiguration(yaml, 'stowage.yaml', '/base').endpoints;
  return desiredEndpoint(plan!, {
    digest,
    resolve: (origin) =>
      origin.kind === 'file'
        ? { url: `s3://stowage/${origin.path.slice(1)}`, sha256: 'ab'.repeat(32) }
        : origin,
    fileName: 'stowage.yaml',
  });
}

/** The state that a server is in once everything was made. */
export function madeOf(desired: DesiredEndpoint): Observed {
  const { specification } = desired.config;
  return {
    endpoint: {
      status: 'InService',
      failureReason: null,
      configName: desired.config.name,
      config: specification,
      variantContainers: desired.variantContainers,
      variants: specification.productionVariants.map(({ variantName, initialInstanceCount = 1 }) => ({
        name: variantName,
        instances: initialInstanceCount,
      })),
      tags: desired.tags,
    },
    components: desired.components.map((component) => ({
      name: component.name,
      endpoint: desired.name,
      variant: component.variant,
      status: 'InService',
      failureReason: null,
      specifications: component.specifications,
      containers: component.containers,
      copiesWanted: component.copies,
      copies: component.copies,
      tags: [...desired.tags, { key: TagKey.Hash, value: component.hash }],
      scaling: component.scaling === null ? null : { ...component.scaling, coldStartMs: null },
    })),
    models: new Set(desired.models.map(({ name }) => name)),
    configs: new Set([desired.config.name]),
    parts: [
      ...desired.models.map(({ name }) => ({ kind: 'model', name }) as const),
      { kind: 'endpoint-config', name: desired.config.name },
    ],
  };
}

/** The same with something else about one component. */
export function withComponent(
  observed: Observed,
  name: string,
  change: Partial<ObservedComponent>,
): Observed {
  const components = observed.components.map((one) => (one.name === name ? { ...one, ...change } : one));
  return { ...observed, components };
}

/** `mark kind/name` of each change, then each step. */
export function told({ changes, steps }: Difference): string[] {
  return [
    ...changes.map(
      ({ change, kind, name, confirmation }) =>
        `${change} ${kind}/${name}${confirmation === null ? '' : ' !'}`,
    ),
    ...steps.map((step) => step.do),
  ];
}
