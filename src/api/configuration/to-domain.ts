/** What a checked document means: the domain's Endpoint, and what of it is not acted on yet. */
import { isAbsolute, resolve } from 'node:path';
import { EngineKind, componentKey } from '../../domain/component.js';
import type {
  ComponentOptions,
  CopyBounds,
  Endpoint,
  InferenceComponent,
  ModelSource,
} from '../../domain/component.js';
import { meaningFinding } from './problems.js';
import type { Finding } from './problems.js';
import type { ComponentDocument, EndpointDocument } from './schema.js';
import type { LocatedDocument, PathSegment } from './yaml-document.js';

/** Something that was understood and has no effect, or less than its reader may expect. */
export interface Notice {
  /** `file:line:column`. */
  readonly location: string;
  readonly message: string;
}

/** A call worth showing for a component. */
export interface ExampleCall {
  readonly prompt: string;
  readonly suffix: string | null;
}

/** Collects what one document means. Problems of meaning are added to `findings`, never thrown. */
export interface Reading {
  readonly document: LocatedDocument;
  /** Absolute folder that relative model paths start at. */
  readonly baseDir: string;
  readonly fileExists: (path: string) => boolean;
  readonly findings: Finding[];
  readonly notices: Notice[];
  /** By `componentKey`. */
  readonly examples: Map<string, ExampleCall>;
}

const bytesPerUnit: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};
/** A worker process without a model already needs most of this. */
const memoryBytesMin = 128 * 2 ** 20;

export function toEndpoint(source: EndpointDocument, reading: Reading): Endpoint {
  noteInstances(source, reading);
  const names = Object.keys(source.components);
  if (names.length === 0) {
    const suggestion = 'add a name with `model: FILE.gguf` under it';
    reading.findings.push(meaningFinding(reading.document, ['components'], 'names no component', suggestion));
  }
  return {
    name: source.endpoint,
    routing: source.routing,
    components: Object.entries(source.components).map(([name, component]) =>
      toComponent(source.endpoint, name, component, reading),
    ),
  };
}

/** One component; its problems of meaning go to `reading`. */
export function toComponent(
  endpoint: string,
  name: string,
  source: ComponentDocument,
  reading: Reading,
): InferenceComponent {
  const path = ['components', name];
  if (source.example !== undefined) {
    const example = { prompt: source.example.prompt, suffix: source.example.suffix ?? null };
    reading.examples.set(componentKey({ endpoint, name }), example);
  }
  return {
    endpoint,
    name,
    generation: 1,
    model: toModel(source, path, reading),
    engine: source.engine,
    resources: {
      cpus: source.resources.cpus,
      memoryBytesMax: toBytes(source.resources.memory, [...path, 'resources', 'memory'], reading),
    },
    copies: toCopies(source.copies, [...path, 'copies'], reading),
    options: toOptions(source.options),
  };
}

function toModel(source: ComponentDocument, path: readonly PathSegment[], reading: Reading): ModelSource {
  const refuse = (problem: string, suggestion: string) => {
    reading.findings.push(meaningFinding(reading.document, [...path, 'model'], problem, suggestion));
    return { path: '' };
  };
  const { model, sha256, engine } = source;
  if (model === undefined) {
    if (engine === EngineKind.Simulated) return { path: '' };
    return refuse('is missing: expected the model’s GGUF file', 'add `model: ./models/FILE.gguf`');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(model)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    return refuse(
      `models are not yet served from ${scheme}://`,
      'fetch the file and give its path, such as `./models/FILE.gguf`',
    );
  }
  if (model.includes('\0')) return refuse('a path cannot hold a zero byte', 'give a file’s path');
  const file = isAbsolute(model) ? model : resolve(reading.baseDir, model);
  if (engine === EngineKind.LlamaCpp && !reading.fileExists(file)) {
    return refuse('there is no such file', 'correct the path; a relative one starts at this file’s folder');
  }
  return sha256 === undefined ? { path: file } : { path: file, sha256: sha256.toLowerCase() };
}

function toBytes(size: string | undefined, path: readonly PathSegment[], reading: Reading): number {
  if (size === undefined) return 0;
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]+)$/.exec(size) ?? [];
  const bytes = Math.round(Number(amount) * (bytesPerUnit[unit ?? ''] ?? 0));
  if (bytes >= memoryBytesMin && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  const problem = `expected at least 128Mi, found \`${size}\``;
  reading.findings.push(
    meaningFinding(reading.document, path, problem, 'write `memory: 512Mi`, or leave it out for no limit'),
  );
  return 0;
}

function toCopies(
  source: ComponentDocument['copies'],
  path: readonly PathSegment[],
  reading: Reading,
): CopyBounds {
  const bounds =
    typeof source === 'number'
      ? { min: source, max: source }
      : { min: source.min, max: source.max ?? Math.max(1, source.min) };
  if (typeof source === 'object' && bounds.max < bounds.min) {
    const problem = `${bounds.max} is less than \`min\`, ${bounds.min}`;
    reading.findings.push(
      meaningFinding(reading.document, [...path, 'max'], problem, `write \`max: ${bounds.min}\` or more`),
    );
  }
  if (bounds.min === 0) {
    note(reading, path, 'zero copies: requests are refused (COLD-501) until this is 1 or more');
  }
  if (typeof source === 'object' && bounds.max > Math.max(1, bounds.min)) {
    note(reading, [...path, 'max'], `not acted on yet: the component runs its \`min\`, ${bounds.min}`);
  }
  if (typeof source === 'object' && source.target !== undefined) {
    note(reading, [...path, 'target'], 'not acted on yet: the number of copies does not follow the load');
  }
  return bounds;
}

function toOptions(source: ComponentDocument['options']): ComponentOptions {
  return {
    rollingBatchSizeMax: source.max_rolling_batch_size,
    jobQueueLengthMax: source.job_queue_size,
    modelTokensMax: source.max_model_len,
    stepTokensMax: source.max_num_batched_tokens,
    predictSecondsMax: source.predict_timeout,
    queueSecondsMax: source.queue_timeout,
    newTokensDefault: source.max_new_tokens,
    promptTemplate: source.prompt_template ?? null,
    promptKeepChars: source.prompt_keep_chars,
    suffixKeepChars: source.suffix_keep_chars,
    specialTokensAllowed: source.allow_special_tokens,
    gpuLayers: source.n_gpu_layers,
  };
}

function noteInstances(source: EndpointDocument, reading: Reading): void {
  const { count, min, max, scaleIn } = source.instances;
  if (count > 1) {
    note(reading, ['instances', 'count'], 'not acted on yet: copies run on this machine only');
  }
  for (const [key, value] of Object.entries({ min, max, scaleIn })) {
    if (value !== undefined) {
      note(reading, ['instances', key], 'not acted on yet: the number of instances does not change');
    }
  }
}

function note(reading: Reading, path: readonly PathSegment[], message: string): void {
  const location = reading.document.locate(reading.document.keyOffset(path));
  reading.notices.push({ location, message: `\`${path.join('.')}\`: ${message}` });
}
