/**
 * `serving.properties` of a model's folder, as large-model containers read it: options that the model's author wrote
 * down. They stand below what the component's environment says, and above the defaults.
 *
 * Only options of the one table are taken, and none whose value is an address. Nothing in the file can name a command, an
 * address or code to be run.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ComponentOptions,
  defaultComponentOptions,
  optionNames,
  optionRules,
} from '../domain/component-options.js';
import { readEnvironment } from '../domain/container-environment.js';
import { StowageError } from '../domain/errors.js';

type OptionName = keyof ComponentOptions;

const fileName = 'serving.properties';
const fileBytesMax = 64 * 1024;

/** Names that large-model containers give to options of ours. */
const otherNames: Readonly<Record<string, string>> = {
  max_rolling_batch_prefill_tokens: 'max_num_batched_tokens',
  enable_auto_prefix_caching: 'enable_prefix_caching',
};
/** Options that name addresses: those of the model's author are not asked. */
const addressOptions: readonly OptionName[] = ['draftModel', 'loraModules'];
/** The container's own business, which means nothing here. */
const passedOver: readonly string[] = ['engine', 'model_id', 'rolling_batch', 'entryPoint'];

export interface ServingProperties {
  readonly options: Partial<ComponentOptions>;
  /** Keys that mean nothing here, in the file's order. */
  readonly unknown: readonly string[];
}

/** What a model's folder says; null where it has no such file. Throws MODEL-020 or REQ-210. */
export function readServingProperties(folder: string): ServingProperties | null {
  const file = join(folder, fileName);
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts?.isFile() !== true) return null;
  if (facts.size > fileBytesMax) {
    throw StowageError.of('MODEL-020', {
      file: fileName,
      problem: `it is longer than ${fileBytesMax} bytes`,
    });
  }
  return parseServingProperties(readFileSync(file, 'utf8'));
}

/** Throws REQ-210 for a value that an option cannot have. */
export function parseServingProperties(text: string): ServingProperties {
  const environment: Record<string, string> = {};
  const unknown: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', value = ''] = /^\s*([^#!\s=:][^=:\s]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === '' || passedOver.includes(key.replace(/^option\./, ''))) continue;
    const name = nameOf(key);
    if (name === null) unknown.push(key);
    else environment[`OPTION_${name.toUpperCase()}`] = value;
  }
  const { options } = readEnvironment(environment, fileName);
  const said = optionNames.filter((name) => `OPTION_${optionRules[name].key.toUpperCase()}` in environment);
  return { options: Object.fromEntries(said.map((name) => [name, options[name]])), unknown };
}

/** An option's key, of `option.KEY` and of the server's own `job_queue_size` and `batch_size`. */
function nameOf(key: string): string | null {
  const bare = key.startsWith('option.') ? key.slice('option.'.length) : key;
  const name = otherNames[bare] ?? bare;
  const isTaken = (option: OptionName) =>
    optionRules[option].key === name && !addressOptions.includes(option);
  return optionNames.some(isTaken) ? name : null;
}

/** What is said, and below it what the file says. An option that has its default counts as not said. */
export function withProperties(options: ComponentOptions, properties: ServingProperties): ComponentOptions {
  const said = optionNames.filter((name) => options[name] !== defaultComponentOptions[name]);
  return {
    ...options,
    ...properties.options,
    ...Object.fromEntries(said.map((name) => [name, options[name]])),
  };
}
