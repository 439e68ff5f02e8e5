/** What one entry of `components` means. */
import { optionRules } from '../../domain/component-options.js';
import type { ComponentPlan, SpecificationPlan } from '../../domain/endpoint-plan.js';
import { refuse } from './reading.js';
import type { Reading } from './reading.js';
import type { ComponentDocument } from './schema-component.js';
import { toCopies } from './to-copies.js';
import { toModelPlan, toRequirements } from './to-model-plan.js';
import { toComponentDeployment } from './to-rollout.js';
import type { PathSegment } from './yaml-document.js';

/** Where it stands in the document, and which variant it is on. */
interface ComponentPlace {
  readonly variant: string;
  readonly path: readonly PathSegment[];
  readonly reading: Reading;
}

/** One component; its problems of meaning go to `reading`. */
export function toComponent(
  endpoint: string,
  name: string,
  source: ComponentDocument,
  { variant, path, reading }: ComponentPlace,
): ComponentPlan {
  if (source.example !== undefined) {
    const example = { prompt: source.example.prompt, suffix: source.example.suffix ?? null };
    reading.examples.set(`${endpoint}/${name}`, example);
  }
  return {
    name,
    variant,
    specifications: toSpecifications(source, path, reading),
    ...toCopies(name, source.copies, batchOf(source), [...path, 'copies'], reading),
    rollout:
      source.rollout === undefined
        ? null
        : toComponentDeployment(source.rollout, [...path, 'rollout'], reading),
  };
}

function toSpecifications(
  source: ComponentDocument,
  path: readonly PathSegment[],
  reading: Reading,
): readonly SpecificationPlan[] {
  if (source.specifications === undefined) {
    return [toSpecification(source, null, { model: path, resources: path }, reading)];
  }
  const seen = new Set<string>();
  return source.specifications.map((specification, index) => {
    const { type, model, sha256, image, resources } = specification;
    const at = [...path, 'specifications', index];
    if (seen.has(type)) {
      refuse(reading, [...at, 'type'], `\`${type}\` has an entry already`, 'leave one of them out');
    }
    seen.add(type);
    const merged = {
      ...source,
      model: model ?? source.model,
      // A model of its own has a digest of its own.
      sha256: sha256 ?? (model === undefined ? source.sha256 : undefined),
      image: image ?? source.image,
      resources: resources ?? source.resources,
    };
    const paths = { model: model === undefined ? path : at, resources: resources === undefined ? path : at };
    return toSpecification(merged, type, paths, reading);
  });
}

/** Where the parts of a specification stand in the document. */
interface SpecificationPaths {
  readonly model: readonly PathSegment[];
  readonly resources: readonly PathSegment[];
}

function toSpecification(
  source: ComponentDocument,
  instanceType: string | null,
  paths: SpecificationPaths,
  reading: Reading,
): SpecificationPlan {
  const { placement, resources } = source;
  const { downloadSeconds, loadSeconds } = source.startup ?? {};
  const startupParameters = {
    ...(downloadSeconds === undefined ? {} : { modelDataDownloadTimeoutInSeconds: downloadSeconds }),
    ...(loadSeconds === undefined ? {} : { containerStartupHealthCheckTimeoutInSeconds: loadSeconds }),
  };
  return {
    model: toModelPlan(source, resources, paths, reading),
    settings: {
      ...(instanceType === null ? {} : { instanceType }),
      computeResourceRequirements: toRequirements(resources, [...paths.resources, 'resources'], reading),
      ...(Object.keys(startupParameters).length === 0 ? {} : { startupParameters }),
      ...(placement === undefined
        ? {}
        : {
            schedulingConfig: {
              placementStrategy: placement.strategy,
              ...(placement.zoneBalance === undefined
                ? {}
                : {
                    availabilityZoneBalance: {
                      enforcementMode: 'PERMISSIVE',
                      maxImbalance: placement.zoneBalance.maxImbalance,
                    },
                  }),
            },
          }),
    },
  };
}

/** Requests that a copy computes at once; the schema filled in what the file leaves out. */
function batchOf({ options }: ComponentDocument): number {
  return Number(options[optionRules.rollingBatchSizeMax.key]);
}
