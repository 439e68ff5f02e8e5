/**
 * What a container's environment says to Stowage: `OPTION_*` and `SERVING_*` keys, named as the large-model containers
 * name them, so that a stock SDK can send every option. One table has each option's key and range; reading and writing
 * both go by it, and writing what was read gives the same settings again.
 *
 * Other keys are kept and mean nothing here. An unknown `OPTION_*` or `SERVING_*` key is refused: an option that is
 * silently ignored is worse than an error.
 */
import { type ComponentOptions, defaultComponentOptions, EngineKind } from './component.js';
import { StowageError } from './errors.js';
import { nearest } from './nearest.js';

/** What an environment asks for. */
export interface ContainerSettings {
  readonly engine: EngineKind;
  readonly options: ComponentOptions;
  /**
   * Instead of the whole devices that a specification requires: a share of one with up to six decimals, or a whole
   * number; null = not said.
   */
  readonly accelerators: number | null;
  /** Bytes on each accelerator, whole MiB; null = not said. */
  readonly acceleratorMemoryBytes: number | null;
  /** Of the model's file, 64 lower-case hexadecimal digits; null = not said. */
  readonly sha256: string | null;
}

type Environment = Readonly<Record<string, string>>;

/** The service model lets a value have this many characters. */
const valueCharactersMax = 1024;
const templateCharactersMax = 65_536;
/** A template longer than one value goes on under `OPTION_PROMPT_TEMPLATE_2`, `_3` …; up to this many parts. */
const templatePartsMax = 66;

const bytesPerMiB = 2 ** 20;

interface WholeNumberOption {
  readonly key: string;
  /** Understood as well; never written. */
  readonly alias?: string;
  readonly min: number;
  readonly max: number;
}

type WholeNumberName = Exclude<keyof ComponentOptions, 'promptTemplate' | 'specialTokensAllowed'>;

const wholeNumbers: Readonly<Record<WholeNumberName, WholeNumberOption>> = {
  rollingBatchSizeMax: { key: 'OPTION_MAX_ROLLING_BATCH_SIZE', min: 1, max: 256 },
  jobQueueLengthMax: { key: 'OPTION_JOB_QUEUE_SIZE', alias: 'SERVING_JOB_QUEUE_SIZE', min: 0, max: 100_000 },
  modelTokensMax: { key: 'OPTION_MAX_MODEL_LEN', min: 0, max: 16_777_216 },
  stepTokensMax: { key: 'OPTION_MAX_NUM_BATCHED_TOKENS', min: 16, max: 8192 },
  predictSecondsMax: { key: 'OPTION_PREDICT_TIMEOUT', alias: 'SERVING_PREDICT_TIMEOUT', min: 1, max: 3600 },
  queueSecondsMax: { key: 'OPTION_QUEUE_TIMEOUT', min: 1, max: 3600 },
  newTokensDefault: { key: 'OPTION_MAX_NEW_TOKENS', min: 0, max: 16_777_216 },
  promptKeepChars: { key: 'OPTION_PROMPT_KEEP_CHARS', min: 0, max: 100_000_000 },
  suffixKeepChars: { key: 'OPTION_SUFFIX_KEEP_CHARS', min: 0, max: 100_000_000 },
  gpuLayers: { key: 'OPTION_N_GPU_LAYERS', min: -1, max: 1024 },
};
const wholeNumberNames = Object.keys(wholeNumbers) as WholeNumberName[];

const engineKey = 'OPTION_ENGINE';
const templateKey = 'OPTION_PROMPT_TEMPLATE';
const specialTokensKey = 'OPTION_ALLOW_SPECIAL_TOKENS';
const acceleratorsKey = 'OPTION_ACCELERATORS';
const acceleratorMemoryKey = 'OPTION_ACCELERATOR_MEMORY_MB';
const sha256Key = 'OPTION_MODEL_SHA256';

const acceleratorsMax = 64;
const acceleratorMemoryMiBMax = 16_777_216;

const knownKeys: readonly string[] = [
  engineKey,
  ...Object.values(wholeNumbers).flatMap(({ key, alias }) => (alias === undefined ? [key] : [key, alias])),
  templateKey,
  specialTokensKey,
  acceleratorsKey,
  acceleratorMemoryKey,
  sha256Key,
];

/**
 * The settings an environment asks for, with the defaults filled in. `where` is the environment's place in the call,
 * such as `PrimaryContainer.Environment`. Throws REQ-210, which names the key and what it may be.
 */
export function readEnvironment(environment: Environment, where: string): ContainerSettings {
  refuseUnknownKeys(environment, where);
  const engine = environment[engineKey];
  if (engine !== undefined && !isEngine(engine)) {
    throw refusal(where, engineKey, engine, `one of ${Object.values(EngineKind).join(', ')}`);
  }
  return {
    engine: engine ?? EngineKind.LlamaCpp,
    options: {
      ...defaultComponentOptions,
      ...readWholeNumbers(environment, where),
      promptTemplate: readTemplate(environment, where) ?? defaultComponentOptions.promptTemplate,
      specialTokensAllowed: readBoolean(environment, where) ?? defaultComponentOptions.specialTokensAllowed,
    },
    accelerators: readAccelerators(environment, where),
    acceleratorMemoryBytes: readAcceleratorMemory(environment, where),
    sha256: readSha256(environment, where),
  };
}

/** The environment that asks for these settings: only what differs from the defaults. */
export function writeEnvironment(settings: ContainerSettings): Record<string, string> {
  const { engine, options, accelerators, acceleratorMemoryBytes, sha256 } = settings;
  const environment: Record<string, string> = {};
  if (engine !== EngineKind.LlamaCpp) environment[engineKey] = engine;
  for (const name of wholeNumberNames) {
    if (options[name] === defaultComponentOptions[name]) continue;
    environment[wholeNumbers[name].key] = String(options[name]);
  }
  if (options.promptTemplate !== null) Object.assign(environment, templateParts(options.promptTemplate));
  if (options.specialTokensAllowed) environment[specialTokensKey] = 'true';
  if (accelerators !== null) environment[acceleratorsKey] = String(Number(accelerators.toFixed(6)));
  if (acceleratorMemoryBytes !== null) {
    environment[acceleratorMemoryKey] = String(Math.ceil(acceleratorMemoryBytes / bytesPerMiB));
  }
  if (sha256 !== null) environment[sha256Key] = sha256;
  return environment;
}

function refuseUnknownKeys(environment: Environment, where: string): void {
  for (const key of Object.keys(environment)) {
    if (!/^(OPTION|SERVING)_/.test(key) || knownKeys.includes(key)) continue;
    const part = templatePart(key);
    if (part !== null && part <= templatePartsMax) continue;
    const near = nearest(key, knownKeys);
    const meant = near === null ? `known keys: ${knownKeys.join(', ')}` : `did you mean \`${near}\`?`;
    throw StowageError.of('REQ-210', {
      problem: `\`${where}\` has the key \`${key}\`, which is no option here; ${meant}`,
      field: `${where}.${key}`,
    });
  }
}

function readWholeNumbers(environment: Environment, where: string): Partial<Record<WholeNumberName, number>> {
  const read: Partial<Record<WholeNumberName, number>> = {};
  for (const name of wholeNumberNames) {
    const { key, alias = key, min, max } = wholeNumbers[name];
    const given = key in environment ? key : alias;
    const text = environment[given];
    if (text !== undefined) read[name] = readWholeNumber(text, { min, max }, given, where);
  }
  return read;
}

function readWholeNumber(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
  key: string,
  where: string,
): number {
  const value = /^-?\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value === 0 ? 0 : value;
  throw refusal(where, key, text, `a whole number from ${min} to ${max}`);
}

function readBoolean(environment: Environment, where: string): boolean | null {
  const text = environment[specialTokensKey];
  if (text === undefined) return null;
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw refusal(where, specialTokensKey, text, '`true` or `false`');
}

function readAccelerators(environment: Environment, where: string): number | null {
  const text = environment[acceleratorsKey];
  if (text === undefined) return null;
  const value = /^\d{1,2}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if ((value >= 0 && value < 1) || (Number.isInteger(value) && value <= acceleratorsMax)) return value;
  const expected = `a share below 1, such as 0.25, or a whole number up to ${acceleratorsMax}`;
  throw refusal(where, acceleratorsKey, text, expected);
}

function readAcceleratorMemory(environment: Environment, where: string): number | null {
  const text = environment[acceleratorMemoryKey];
  if (text === undefined) return null;
  const range = { min: 1, max: acceleratorMemoryMiBMax };
  return readWholeNumber(text, range, acceleratorMemoryKey, where) * bytesPerMiB;
}

function readSha256(environment: Environment, where: string): string | null {
  const text = environment[sha256Key];
  if (text === undefined) return null;
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  throw refusal(where, sha256Key, text, '64 hexadecimal digits');
}

/** The parts of the template put together; null where there is none. */
function readTemplate(environment: Environment, where: string): string | null {
  const parts = Object.keys(environment)
    .flatMap((key) => templatePart(key) ?? [])
    .sort((a, b) => a - b);
  if (parts.length === 0) return null;
  const missing = parts.findIndex((part, index) => part !== index + 1);
  if (missing !== -1) {
    const key = partKey(parts[missing] ?? 0);
    throw refusal(where, key, environment[key] ?? '', `\`${partKey(missing + 1)}\` before it`);
  }
  const template = parts.map((part) => environment[partKey(part)] ?? '').join('');
  if (template.length >= 1 && template.length <= templateCharactersMax) return template;
  throw refusal(where, templateKey, template, `1 to ${templateCharactersMax} characters`);
}

/** Cut between characters, so that no part ends with half of one. */
function templateParts(template: string): Record<string, string> {
  const parts: Record<string, string> = {};
  let part = '';
  let number = 1;
  for (const character of template) {
    if (part.length + character.length > valueCharactersMax) {
      parts[partKey(number++)] = part;
      part = '';
    }
    part += character;
  }
  parts[partKey(number)] = part;
  return parts;
}

function partKey(part: number): string {
  return part === 1 ? templateKey : `${templateKey}_${part}`;
}

/** Which part of a template a key has, from 1; null for other keys. */
function templatePart(key: string): number | null {
  if (key === templateKey) return 1;
  const digits = /^OPTION_PROMPT_TEMPLATE_([1-9]\d{0,2})$/.exec(key)?.[1];
  return digits === undefined || Number(digits) < 2 ? null : Number(digits);
}

function isEngine(text: string): text is EngineKind {
  return Object.values(EngineKind).some((engine) => engine === text);
}

function refusal(where: string, key: string, value: string, expected: string): StowageError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return StowageError.of('REQ-210', {
    problem: `\`${key}\` in \`${where}\` is \`${shown}\`, expected ${expected}`,
    field: `${where}.${key}`,
  });
}
