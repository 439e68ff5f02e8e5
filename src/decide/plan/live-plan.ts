/** What there is of an endpoint, written as the plan that would make it so: for forecasts that compare the two. */
import type { ComponentPlan, EndpointPlan, ModelPlan } from '../../domain/endpoint-plan.js';
import type { ContainerDefinition } from '../../domain/model.js';
import type { Observed, ObservedComponent } from './observed.js';

/** Null: there is no endpoint, or its configuration was deleted. Where models lie is not said. */
export function livePlan(name: string, { endpoint, components }: Observed): EndpointPlan | null {
  if (endpoint === null || endpoint.config === null) return null;
  const { config, variantContainers } = endpoint;
  const variants = [
    ...config.productionVariants.map((variant) => ({ ...variant, isShadow: false })),
    ...(config.shadowProductionVariants ?? []).map((variant) => ({ ...variant, isShadow: true })),
  ];
  return {
    name,
    regions: [],
    roleArn: null,
    tags: [],
    rollout: null,
    variants: variants.map(({ isShadow, variantName, modelName, ...settings }) => ({
      name: variantName,
      isShadow,
      model: modelName === undefined ? null : modelOf(variantContainers[variantName] ?? null),
      settings,
    })),
    components: components.filter((component) => component.endpoint === name).map(componentOf),
  };
}

function componentOf({
  name,
  variant,
  specifications,
  containers,
  copiesWanted,
  scaling,
}: ObservedComponent): ComponentPlan {
  return {
    name,
    variant,
    specifications: specifications.map(({ modelName: _, container: __, ...settings }, index) => ({
      model: modelOf(containers[index] ?? null),
      settings,
    })),
    copies: { min: copiesWanted, max: copiesWanted },
    scaling: scaling === null || scaling.policy === null ? null : { ...scaling, policy: scaling.policy },
    rollout: null,
  };
}

function modelOf(container: ContainerDefinition | null): ModelPlan {
  return { origin: null, image: container?.image ?? null, environment: container?.environment ?? {} };
}
