/**
 * What a container's environment says to Stowage: `OPTION_*` and `SERVING_*` keys, named as the large-model containers
 * name them, so that a stock SDK can send every option. One table has each option's key and range; reading and writing
 * both go by it, and writing what was read gives the same settings again.
 *
 * Other keys are kept and mean nothing here. An unknown `OPTION_*` or `SERVING_*` key is refused: an option that is
 * silently ignored is worse than an error.
 */
import { EngineKind } from './component.js';
import {
  type ChoiceOption,
  type ComponentOptions,
  defaultComponentOptions,
  type OptionRule,
  optionNames,
  optionRules,
  type SwitchOption,
  type TextOption,
  type WholeNumberOption,
} from './component-options.js';
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
/** A text longer than one value goes on under its key with `_2`, `_3` …; up to this many parts. */
const partsMax = 66;

const bytesPerMiB = 2 ** 20;

const engineKey = 'OPTION_ENGINE';
const acceleratorsKey = 'OPTION_ACCELERATORS';
const acceleratorMemoryKey = 'OPTION_ACCELERATOR_MEMORY_MB';
const sha256Key = 'OPTION_MODEL_SHA256';

const acceleratorsMax = 64;
const acceleratorMemoryMiBMax = 16_777_216;

const optionKeys: readonly string[] = optionNames.flatMap((name) => {
  const rule: OptionRule = optionRules[name];
  return rule.alias === undefined ? [keyOf(rule)] : [keyOf(rule), rule.alias];
});
const textKeys = optionNames
  .map((name): OptionRule => optionRules[name])
  .filter((rule) => rule.kind === 'text')
  .map(keyOf);
const knownKeys: readonly string[] = [
  engineKey,
  ...optionKeys,
  acceleratorsKey,
  acceleratorMemoryKey,
  sha256Key,
];

/** An option's key in an environment. */
function keyOf(rule: OptionRule): string {
  return `OPTION_${rule.key.toUpperCase()}`;
}

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
    options: readOptions(environment, where),
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
  for (const name of optionNames) {
    const rule: OptionRule = optionRules[name];
    if (options[name] === rule.default) continue;
    if (rule.kind === 'text') Object.assign(environment, textParts(keyOf(rule), String(options[name])));
    else environment[keyOf(rule)] = String(options[name]);
  }
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
    if (textKeys.some((text) => isPartOf(text, key))) continue;
    const near = nearest(key, knownKeys);
    const meant = near === null ? `known keys: ${knownKeys.join(', ')}` : `did you mean \`${near}\`?`;
    throw StowageError.of('REQ-210', {
      problem: `\`${where}\` has the key \`${key}\`, which is no option here; ${meant}`,
      field: `${where}.${key}`,
    });
  }
}

function readOptions(environment: Environment, where: string): ComponentOptions {
  const read: Record<string, unknown> = { ...defaultComponentOptions };
  for (const name of optionNames) {
    const value = readOption(optionRules[name], environment, where);
    if (value !== null) read[name] = value;
  }
  return read as unknown as ComponentOptions;
}

/** Null where the environment says nothing of it. */
function readOption(
  rule: OptionRule,
  environment: Environment,
  where: string,
): number | boolean | string | null {
  if (rule.kind === 'text') return readText(rule, environment, where);
  const key = keyOf(rule);
  const given = key in environment ? key : (rule.alias ?? key);
  const text = environment[given];
  if (text === undefined) return null;
  switch (rule.kind) {
    case 'whole-number':
      return readWholeNumber(text, rule, given, where);
    case 'switch':
      return readSwitch(text, rule, where);
    case 'choice':
      return readChoice(text, rule, where);
    default:
      return rule satisfies never;
  }
}

function readWholeNumber(
  text: string,
  { min, max }: Pick<WholeNumberOption, 'min' | 'max'>,
  key: string,
  where: string,
): number {
  const value = /^-?\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value === 0 ? 0 : value;
  throw refusal(where, key, text, `a whole number from ${min} to ${max}`);
}

function readSwitch(text: string, rule: SwitchOption, where: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw refusal(where, keyOf(rule), text, '`true` or `false`');
}

function readChoice(text: string, rule: ChoiceOption, where: string): string {
  const lower = text.toLowerCase();
  if (rule.choices.includes(lower)) return lower;
  throw refusal(where, keyOf(rule), text, `one of ${rule.choices.join(', ')}`);
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

/** The parts of a text put together; null where there is none. */
function readText(rule: TextOption, environment: Environment, where: string): string | null {
  const key = keyOf(rule);
  const parts = Object.keys(environment)
    .filter((given) => isPartOf(key, given))
    .map((given) => (given === key ? 1 : Number(given.slice(key.length + 1))))
    .sort((a, b) => a - b);
  if (parts.length === 0) return null;
  const missing = parts.findIndex((part, index) => part !== index + 1);
  if (missing !== -1) {
    const present = partKey(key, parts[missing] ?? 0);
    throw refusal(where, present, environment[present] ?? '', `\`${partKey(key, missing + 1)}\` before it`);
  }
  const text = parts.map((part) => environment[partKey(key, part)] ?? '').join('');
  if (text.length < 1 || text.length > rule.charactersMax) {
    throw refusal(where, key, text, `1 to ${rule.charactersMax} characters`);
  }
  if (rule.pattern?.test(text) === false) throw refusal(where, key, text, rule.expected ?? '');
  const problem = rule.problemOf?.(text) ?? null;
  if (problem !== null) {
    const field = `${where}.${key}`;
    throw StowageError.of('REQ-210', { problem: `\`${key}\` in \`${where}\` is refused: ${problem}`, field });
  }
  return text;
}

/** The keys of an environment that have this text for an option. */
export function writeTextOption(name: 'loraModules', text: string): Readonly<Record<string, string>> {
  return textParts(keyOf(optionRules[name]), text);
}

/** Cut between characters, so that no part ends with half of one. */
function textParts(key: string, text: string): Record<string, string> {
  const parts: Record<string, string> = {};
  let part = '';
  let number = 1;
  for (const character of text) {
    if (part.length + character.length > valueCharactersMax) {
      parts[partKey(key, number++)] = part;
      part = '';
    }
    part += character;
  }
  parts[partKey(key, number)] = part;
  return parts;
}

function partKey(key: string, part: number): string {
  return part === 1 ? key : `${key}_${part}`;
}

/** True when `given` is the text's own key or that of one of its later parts. */
function isPartOf(key: string, given: string): boolean {
  if (given === key) return true;
  if (!given.startsWith(`${key}_`)) return false;
  const digits = given.slice(key.length + 1);
  return /^[1-9]\d{0,2}$/.test(digits) && Number(digits) >= 2 && Number(digits) <= partsMax;
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
