/**
 * Inference components and what each may ask for. All of it is immutable data: a changed
 * component is a new value with a higher generation.
 */

import type { AdapterRef } from './adapter.js';
import type { ComponentOptions } from './component-options.js';
import type { ModelSource } from './model-source.js';
import type { Scope } from './scope.js';

export type { ModelSource } from './model-source.js';

/** Which program computes. */
export const EngineKind = {
  /** llama.cpp's libraries inside the worker process. */
  LlamaCpp: 'llama.cpp',
  /** ONNX Runtime inside the worker process: whatever is no causal language model. */
  OnnxRuntime: 'onnxruntime',
  /** Programs of others that speak OpenAI's protocol; a worker launches one and watches it. */
  LlamaServer: 'llama-server',
  VLlm: 'vllm',
  SgLang: 'sglang',
  TensorRtLlm: 'tensorrt-llm',
  /** A program that speaks SageMaker's container protocol: `/ping` and `/invocations` on port 8080. */
  Container: 'container',
  /** A made-up language model with known answers, for tests and benches of everything around the engine. */
  Simulated: 'simulated',
} as const;
export type EngineKind = (typeof EngineKind)[keyof typeof EngineKind];

export const RoutingStrategy = {
  /** Each copy with room is as likely as any other. */
  Random: 'RANDOM',
  /** The copy with the fewest requests in flight. */
  LeastOutstandingRequests: 'LEAST_OUTSTANDING_REQUESTS',
  /** The copy that owns the request's beginning, until it has `concurrencyThreshold` requests in flight. */
  PrefixAware: 'PREFIX_AWARE',
  /** The copy whose first token is expected soonest, by its queue, what of the prompt it has, and its measured speed. */
  FastestFirstToken: 'FASTEST_FIRST_TOKEN',
} as const;
export type RoutingStrategy = (typeof RoutingStrategy)[keyof typeof RoutingStrategy];

/** What one copy reserves on its instance. */
export interface Resources {
  /** CPU cores, ≥ 0.25; weighs the copy's share of the machine's thread budget. */
  readonly cpus: number;
  /** Bytes of memory that are reserved for it, ≥ 0. */
  readonly memoryBytesMin: number;
  /** Bytes of resident memory above which the copy is ended; 0 = no limit. */
  readonly memoryBytesMax: number;
  /** Accelerators, ≥ 0. Below 1 a share of one; above, whole ones. A GPU, or a slot of CPU where there is none. */
  readonly accelerators: number;
  /** Bytes of accelerator memory on each accelerator it is on; 0 = in proportion to the share. */
  readonly acceleratorMemoryBytes: number;
}

/** How long a copy may take to come up, seconds (SageMaker's StartupParameters, 60..3600). */
export interface StartupLimits {
  readonly downloadSecondsMax: number;
  readonly loadSecondsMax: number;
}

export const defaultStartupLimits: StartupLimits = { downloadSecondsMax: 3600, loadSecondsMax: 600 };

/** How many copies a component runs. */
export interface CopyBounds {
  readonly min: number;
  readonly max: number;
}

/** What copies are copies of. */
export const WorkloadKind = {
  /** An inference component: shares instances with others. */
  Component: 'component',
  /** A variant's own model: one copy on each of the variant's instances. */
  Variant: 'variant',
} as const;
export type WorkloadKind = (typeof WorkloadKind)[keyof typeof WorkloadKind];

/** A model with its own resources, copies and options: what a worker is told to run and serving routes to. */
export interface InferenceComponent {
  readonly scope: Scope;
  readonly endpoint: string;
  /** The variant whose instances it is placed on. */
  readonly variant: string;
  /** The component's name; of a variant's own model the variant's name. */
  readonly name: string;
  readonly kind: WorkloadKind;
  /** Rises with every new specification; copies of a lower generation are replaced. */
  readonly generation: number;
  readonly model: ModelSource;
  readonly engine: EngineKind;
  readonly resources: Resources;
  readonly copies: CopyBounds;
  readonly options: ComponentOptions;
  readonly startup: StartupLimits;
  /** Only of the engine `container`. */
  readonly container?: ContainerImage;
  /** LoRA adapters that its callers can name, as far as they can be used now; absent = none. */
  readonly adapters?: readonly AdapterRef[];
  /** The one of them that a call means; absent = the model alone. */
  readonly adapter?: AdapterRef;
}

/** The image of a container and what its creator put into its environment. */
export interface ContainerImage {
  /** Null = none is named. */
  readonly image: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/** What names a component: enough to find it, and unique. */
export interface ComponentRef {
  readonly scope: Scope;
  readonly endpoint: string;
  readonly name: string;
  readonly kind: WorkloadKind;
}

/**
 * The key of a component in maps and logs, unique over all scopes: `account/region/endpoint/name`; of a variant's own
 * model `account/region/endpoint/variant:name`.
 */
export function componentKey({ scope, endpoint, name, kind }: ComponentRef): string {
  const last = kind === WorkloadKind.Variant ? `variant:${name}` : name;
  return `${scope.account}/${scope.region}/${endpoint}/${last}`;
}

/** The parts of a `componentKey`. */
export function parseComponentKey(key: string): ComponentRef {
  const [account = '', region = '', endpoint = '', last = ''] = key.split('/');
  const isVariant = last.startsWith('variant:');
  return {
    scope: { account, region },
    endpoint,
    name: isVariant ? last.slice('variant:'.length) : last,
    kind: isVariant ? WorkloadKind.Variant : WorkloadKind.Component,
  };
}
