/** What a document says about models and what they need: where the bytes are, environment, resources. */
import { isAbsolute, resolve } from 'node:path';
import { adaptersMax, readAdapterAddress } from '../../domain/adapter.js';
import { EngineKind } from '../../domain/component.js';
import { type ComponentOptions, optionNames, optionRules } from '../../domain/component-options.js';
import { writeEnvironment } from '../../domain/container-environment.js';
import type { ModelOrigin, ModelPlan } from '../../domain/endpoint-plan.js';
import type { ComputeResourceRequirements } from '../../domain/inference-component.js';
import { refuse } from './reading.js';
import type { Reading } from './reading.js';
import type { OptionsDocument, ResourcesDocument } from './schema-component.js';
import type { PathSegment } from './yaml-document.js';

/** The keys that say what runs. */
export interface ModelDocument {
  readonly model?: string | undefined;
  readonly sha256?: string | undefined;
  readonly image?: string | undefined;
  readonly engine: EngineKind;
  readonly options: OptionsDocument;
  readonly adapters?: Readonly<Record<string, string>> | undefined;
}

interface AcceleratorNeeds {
  /** Below 1; whole ones are a resource requirement. */
  readonly share: number | null;
  readonly memoryBytes: number | null;
}

/** The option that names a model, which may be a file of the writer's machine like the model itself. */
const draftKey = optionRules.draftModel.key;

/** The option that `adapters` becomes. */
const adaptersKey = optionRules.loraModules.key;

const mebibyte = 2 ** 20;
const bytesPerUnit: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: mebibyte,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};
/** A worker process without a model already needs most of this, and the control API takes no less. */
const memoryMebibytesMin = 128;
const memoryMebibytesMax = 2 ** 31 - 1;

/** The model, with the options and accelerators its environment carries. */
export function toModelPlan(
  source: ModelDocument,
  resources: ResourcesDocument,
  paths: { readonly model: readonly PathSegment[]; readonly resources: readonly PathSegment[] },
  reading: Reading,
): ModelPlan {
  const accelerators = acceleratorNeeds(resources, [...paths.resources, 'resources'], reading);
  const draft = toDraft(source, [...paths.model, 'options', draftKey], reading);
  const options = toOptions(source.options);
  const adapters = toAdapters(source, paths.model, reading);
  return {
    origin: toOrigin(source, paths.model, reading),
    ...(draft === null ? {} : { draft }),
    ...(adapters === null ? {} : { adapters }),
    image: source.image ?? null,
    environment: writeEnvironment({
      engine: source.engine,
      options: draft === null ? options : { ...options, draftModel: null },
      accelerators: accelerators.share,
      acceleratorMemoryBytes: accelerators.memoryBytes,
      sha256: null,
    }),
  };
}

function toOrigin(source: ModelDocument, path: readonly PathSegment[], reading: Reading): ModelOrigin | null {
  const { model, engine } = source;
  const sha256 = source.sha256?.toLowerCase() ?? null;
  const at = [...path, 'model'];
  if (model === undefined) {
    const bringsItsModel = engine === EngineKind.Container && source.image !== undefined;
    if (bringsItsModel || engine === EngineKind.Simulated) return null;
    refuse(
      reading,
      at,
      'is missing: expected the model’s file or address',
      'add `model: ./models/FILE.gguf`',
    );
    return null;
  }
  const isNeeded = engine !== EngineKind.Simulated;
  return originOf({ text: model, sha256, isNeeded }, at, reading);
}

/** Where the draft model is, which the options name; null when they name none. */
function toDraft(
  { options }: ModelDocument,
  at: readonly PathSegment[],
  reading: Reading,
): ModelOrigin | null {
  const text = options[draftKey];
  if (typeof text !== 'string') return null;
  const { url, sha256 } = readAdapterAddress(text);
  return originOf({ text: url, sha256, isNeeded: true }, at, reading);
}

/** Where the LoRA adapters are; null when none are named here. */
function toAdapters(
  { adapters, options }: ModelDocument,
  path: readonly PathSegment[],
  reading: Reading,
): Readonly<Record<string, ModelOrigin>> | null {
  if (adapters === undefined) return null;
  const at = [...path, 'adapters'];
  const count = Object.keys(adapters).length;
  if (count === 0 || count > adaptersMax) {
    refuse(
      reading,
      at,
      `has ${count} entries, expected 1 to ${adaptersMax}`,
      'leave it out, or share them out',
    );
  }
  if (options[adaptersKey] !== undefined) {
    refuse(reading, at, `stands beside \`options.${adaptersKey}\``, 'name all adapters here');
  }
  const origins: Record<string, ModelOrigin> = {};
  for (const [name, text] of Object.entries(adapters)) {
    const { url, sha256 } = readAdapterAddress(text);
    const origin = originOf({ text: url, sha256, isNeeded: true }, [...at, name], reading);
    if (origin !== null) origins[name] = origin;
  }
  return origins;
}

/** A file's path or an address; null where there is no file, which is refused where it is needed. */
function originOf(
  { text, sha256, isNeeded }: { text: string; sha256: string | null; isNeeded: boolean },
  at: readonly PathSegment[],
  reading: Reading,
): ModelOrigin | null {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    const problem = problemOfAddress(text, scheme, sha256);
    if (problem !== null) refuse(reading, at, ...problem);
    return { kind: 'address', url: `${scheme}${text.slice(scheme.length)}`, sha256 };
  }
  if (text.includes('\0')) {
    refuse(reading, at, 'a path cannot hold a zero byte', 'give a file’s path');
    return null;
  }
  const file = isAbsolute(text) ? text : resolve(reading.baseDir, text);
  if (!reading.fileExists(file)) {
    if (!isNeeded) return null;
    refuse(
      reading,
      at,
      'there is no such file',
      'correct the path; a relative one starts at this file’s folder',
    );
  }
  return { kind: 'file', path: file, sha256 };
}

/** Problem and suggestion; null when the address can be one. */
function problemOfAddress(
  url: string,
  scheme: string,
  sha256: string | null,
): [problem: string, suggestion: string] | null {
  const rest = url.slice(scheme.length + '://'.length);
  switch (scheme) {
    case 's3':
      if (/^[^/\s]+\/\S+$/.test(rest)) return null;
      return ['expected a bucket and a key', 'write `s3://BUCKET/KEY`'];
    case 'hf':
      if (!/^[\w.-]+\/[\w.-]+@[\w.-]+\/\S+$/.test(rest)) {
        return ['expected a repository, a commit and a file', 'write `hf://OWNER/NAME@COMMIT/FILE.gguf`'];
      }
      if (/@[0-9a-f]{40}\//.test(rest)) return null;
      return [
        'without the full hash of a commit its files can change',
        'write the 40 digits of the commit after @ (the repository’s page “Files” → “History” shows them)',
      ];
    case 'https':
      if (!/^[^/\s]+\/\S+$/.test(rest)) return ['expected a host and a path', 'write `https://HOST/PATH`'];
      if (sha256 !== null) return null;
      return [
        'a model from the web needs its digest',
        'add `sha256:` beside it (behind the address of an adapter or a draft `#sha256=`), as `sha256sum FILE` prints it',
      ];
    default:
      return [`models are not served from ${scheme}://`, 'use a file’s path, `s3://`, `https://` or `hf://`'];
  }
}

function toOptions(source: OptionsDocument): ComponentOptions {
  const values = optionNames.map((name) => [name, source[optionRules[name].key] ?? null]);
  return Object.fromEntries(values) as ComponentOptions;
}

function acceleratorNeeds(
  { accelerators, acceleratorMemory }: ResourcesDocument,
  path: readonly PathSegment[],
  reading: Reading,
): AcceleratorNeeds {
  if (accelerators !== undefined && accelerators > 1 && !Number.isInteger(accelerators)) {
    refuse(
      reading,
      [...path, 'accelerators'],
      `expected a share below 1 or a whole number, found \`${accelerators}\``,
      `write \`accelerators: ${Math.ceil(accelerators)}\``,
    );
  }
  const memoryBytes = acceleratorMemory === undefined ? null : bytesOf(acceleratorMemory);
  if (memoryBytes !== null && accelerators === undefined) {
    refuse(
      reading,
      [...path, 'acceleratorMemory'],
      'says nothing without `accelerators`',
      'add `accelerators: 0.25`, the share of one that a copy gets',
    );
  }
  const share = accelerators !== undefined && accelerators < 1 ? accelerators : null;
  return { share, memoryBytes };
}

/** What a copy reserves, as the control API takes it. */
export function toRequirements(
  source: ResourcesDocument,
  path: readonly PathSegment[],
  reading: Reading,
): ComputeResourceRequirements {
  const { cpus, accelerators } = source;
  const { reserve, limit } = toMemory(source.memory, [...path, 'memory'], reading);
  return {
    minMemoryRequiredInMb: reserve ?? memoryMebibytesMin,
    ...(limit === null ? {} : { maxMemoryRequiredInMb: limit }),
    ...(cpus === undefined ? {} : { numberOfCpuCoresRequired: cpus }),
    ...(accelerators === undefined || accelerators < 1
      ? {}
      : { numberOfAcceleratorDevicesRequired: accelerators }),
  };
}

/** Whole mebibytes to reserve, and to use at most; null where nothing sound is said. */
function toMemory(
  memory: ResourcesDocument['memory'],
  path: readonly PathSegment[],
  reading: Reading,
): { reserve: number | null; limit: number | null } {
  if (typeof memory !== 'object') {
    const both = mebibytesOf(memory, path, reading);
    return { reserve: both, limit: both };
  }
  const limit = mebibytesOf(memory.limit, [...path, 'limit'], reading);
  if (memory.reserve === undefined) return { reserve: limit, limit };
  const reserve = mebibytesOf(memory.reserve, [...path, 'reserve'], reading);
  if (reserve !== null && limit !== null && limit < reserve) {
    refuse(reading, [...path, 'limit'], 'is less than `reserve`', 'raise `limit`, or lower `reserve`');
  }
  return { reserve, limit };
}

function mebibytesOf(
  size: string | undefined,
  path: readonly PathSegment[],
  reading: Reading,
): number | null {
  if (size === undefined) return null;
  const mebibytes = Math.ceil(bytesOf(size) / mebibyte);
  if (mebibytes >= memoryMebibytesMin && mebibytes <= memoryMebibytesMax) return mebibytes;
  const key = String(path.at(-1));
  const problem = `expected at least ${memoryMebibytesMin}Mi, found \`${size}\``;
  refuse(reading, path, problem, `write \`${key}: 512Mi\`, or leave it out`);
  return null;
}

function bytesOf(size: string): number {
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]+)$/.exec(size) ?? [];
  return Math.round(Number(amount) * (bytesPerUnit[unit ?? ''] ?? 0));
}
