/** What a checked document means: an EndpointPlan. */
import { RoutingStrategy } from '../../domain/component.js';
import type { EndpointPlan, VariantPlan } from '../../domain/endpoint-plan.js';
import { nearest } from '../../domain/nearest.js';
import { refuse } from './reading.js';
import type { Reading } from './reading.js';
import type { EndpointDocument, InstancesDocument, RoutingDocument, VariantDocument } from './schema.js';
import type { ComponentDocument } from './schema-component.js';
import { toComponent } from './to-component.js';
import { toModelPlan } from './to-model-plan.js';
import { toDeployment } from './to-rollout.js';
import type { PathSegment } from './yaml-document.js';

/** The variant of a document that names none. */
const variantDefault = 'AllTraffic';
const instanceTypeDefault = 'local.cpu';
/** Of the 50 that a resource may have, some are written by `stowage apply` itself. */
const tagsMax = 40;

export function toPlan(source: EndpointDocument, reading: Reading): EndpointPlan {
  const components = Object.entries(source.components ?? {});
  const variants = toVariants(source, reading);
  if (components.length === 0 && variants.every(({ model }) => model === null)) {
    const isMissing = source.components === undefined;
    const problem = isMissing ? 'is missing: nothing would be served' : 'names no component';
    refuse(reading, ['components'], problem, 'add a name with `model: FILE.gguf` under it');
  }
  if (source.region !== undefined && source.regions !== undefined) {
    refuse(reading, ['regions'], 'there is `region` too', 'leave one of the two out');
  }
  const tags = Object.entries(source.tags ?? {}).map(([key, value]) => ({ key, value }));
  if (tags.length > tagsMax) {
    refuse(reading, ['tags'], `expected at most ${tagsMax}, found ${tags.length}`, 'leave some out');
  }
  return {
    name: source.endpoint,
    regions: [...new Set(source.regions ?? (source.region === undefined ? [] : [source.region]))],
    roleArn: source.role ?? null,
    tags,
    rollout: source.rollout === undefined ? null : toDeployment(source.rollout, reading),
    variants,
    components: components.map(([name, component]) => {
      const path = ['components', name];
      return toComponent(source.endpoint, name, component, {
        variant: variantOf(component, variants, path, reading),
        path,
        reading,
      });
    }),
  };
}

function toVariants(source: EndpointDocument, reading: Reading): readonly VariantPlan[] {
  const { instances, routing } = source;
  const named = Object.entries(source.variants ?? {});
  if (named.length === 0) {
    if (source.variants !== undefined) {
      refuse(
        reading,
        ['variants'],
        'names no variant',
        'leave it out, or add a name with `instances:` under it',
      );
    }
    const settings = {
      ...toInstances(instances, ['instances'], reading),
      ...toRouting(routing, ['routing'], reading),
    };
    return [{ name: variantDefault, isShadow: false, model: null, settings }];
  }
  if (instances !== undefined) {
    refuse(reading, ['instances'], 'there are `variants`, each with its own', 'move it under a variant');
  }
  if (named.every(([, { shadow }]) => shadow)) {
    refuse(reading, ['variants'], 'all are shadows', 'leave `shadow` out of one that answers');
  }
  return named.map(([name, variant]) => toVariant(name, variant, routing, reading));
}

function toVariant(
  name: string,
  source: VariantDocument,
  routing: RoutingDocument,
  reading: Reading,
): VariantPlan {
  const path = ['variants', name];
  const hasModel = source.model !== undefined || source.engine === 'simulated';
  if (source.shadow && !hasModel) {
    refuse(reading, [...path, 'shadow'], 'a shadow needs a model of its own', 'add `model:` to the variant');
  }
  const { downloadSeconds, loadSeconds } = source.startup ?? {};
  return {
    name,
    isShadow: source.shadow,
    model: hasModel ? toModelPlan(source, {}, { model: path, resources: path }, reading) : null,
    settings: {
      ...toInstances(source.instances, [...path, 'instances'], reading),
      ...(source.routing === undefined
        ? toRouting(routing, ['routing'], reading)
        : toRouting(source.routing, [...path, 'routing'], reading)),
      initialVariantWeight: source.weight,
      ...(downloadSeconds === undefined ? {} : { modelDataDownloadTimeoutInSeconds: downloadSeconds }),
      ...(loadSeconds === undefined ? {} : { containerStartupHealthCheckTimeoutInSeconds: loadSeconds }),
    },
  };
}

function toRouting(
  source: RoutingDocument,
  path: readonly PathSegment[],
  reading: Reading,
): Pick<VariantPlan['settings'], 'routingConfig'> {
  if (typeof source === 'string') return routingOf({ routingStrategy: source });
  const { strategy: routingStrategy, prefixLength, concurrencyThreshold } = source;
  const prefixAwareRoutingConfig = {
    ...(prefixLength === undefined ? {} : { prefixLength }),
    ...(concurrencyThreshold === undefined ? {} : { concurrencyThreshold }),
  };
  const keys = Object.keys(prefixAwareRoutingConfig);
  if (keys.length === 0) return routingOf({ routingStrategy });
  if (routingStrategy === RoutingStrategy.PrefixAware) {
    return routingOf({ routingStrategy, prefixAwareRoutingConfig });
  }
  for (const key of keys) {
    refuse(
      reading,
      [...path, key],
      `${routingStrategy} does not look at it`,
      'leave it out, or write `strategy: PREFIX_AWARE`',
    );
  }
  return routingOf({ routingStrategy });
}

/** RANDOM is what SageMaker does when nothing is said. */
function routingOf(
  routingConfig: NonNullable<VariantPlan['settings']['routingConfig']>,
): Pick<VariantPlan['settings'], 'routingConfig'> {
  return routingConfig.routingStrategy === RoutingStrategy.Random ? {} : { routingConfig };
}

function toInstances(
  source: InstancesDocument | undefined,
  path: readonly PathSegment[],
  reading: Reading,
): VariantPlan['settings'] {
  const { type, min, max, scaleIn, pools, provisionSeconds } = source ?? {};
  if (type !== undefined && pools !== undefined) {
    refuse(reading, [...path, 'pools'], 'there is `type` too', 'leave one of the two out');
  }
  if (type !== undefined) refuseUnknownType(type, [...path, 'type'], reading);
  for (const [index, pool] of (pools ?? []).entries()) {
    refuseUnknownType(pool.type, [...path, 'pools', index, 'type'], reading);
  }
  const count = source?.count ?? Math.max(1, min ?? 1);
  const [least, most] = [min ?? Math.min(count, max ?? count), max ?? Math.max(count, min ?? 0)];
  if (count < least || count > most) {
    refuse(
      reading,
      [...path, max === undefined ? 'min' : 'max'],
      `expected min ≤ count ≤ max, found ${least}, ${count} and ${most}`,
      `write \`max: ${Math.max(count, least)}\` or more, or lower \`min\``,
    );
  }
  return {
    ...(pools === undefined
      ? { instanceType: type ?? instanceTypeDefault }
      : { instancePools: pools.map((pool) => ({ instanceType: pool.type, priority: pool.priority })) }),
    initialInstanceCount: count,
    ...(provisionSeconds === undefined ? {} : { variantInstanceProvisionTimeoutInSeconds: provisionSeconds }),
    ...(min !== undefined || max !== undefined || scaleIn !== undefined
      ? {
          managedInstanceScaling: {
            status: 'ENABLED',
            minInstanceCount: least,
            maxInstanceCount: most,
            ...(scaleIn === undefined ? {} : { scaleInPolicy: { strategy: scaleIn } }),
          },
        }
      : {}),
  };
}

function refuseUnknownType(type: string, path: readonly PathSegment[], reading: Reading): void {
  const known = reading.instanceTypes;
  if (known === null || known.length === 0 || known.includes(type)) return;
  const meant = nearest(type, known);
  const suggestion =
    meant === null
      ? 'use a type of the catalogue, `catalogue/instance-types.yaml`, or add this one there'
      : `did you mean \`${meant}\`?`;
  refuse(reading, path, `the catalogue has no instance type \`${type}\``, suggestion);
}

/** The one it names, else the only one for components. */
function variantOf(
  { variant }: ComponentDocument,
  variants: readonly VariantPlan[],
  path: readonly PathSegment[],
  reading: Reading,
): string {
  const hosts = variants.filter(({ model }) => model === null).map(({ name }) => name);
  const names = hosts.map((name) => `\`${name}\``).join(', ');
  if (variant !== undefined && hosts.includes(variant)) return variant;
  const [only, ...others] = hosts;
  if (variant === undefined && only !== undefined && others.length === 0) return only;
  if (only === undefined) {
    refuse(reading, path, 'every variant has a model of its own', 'add a variant without `model:`');
  } else if (variant === undefined) {
    refuse(reading, path, `there are several variants for components: ${names}`, `add \`variant: ${only}\``);
  } else {
    refuse(reading, [...path, 'variant'], `no variant \`${variant}\` for components`, `use one of ${names}`);
  }
  return variant ?? only ?? variantDefault;
}
