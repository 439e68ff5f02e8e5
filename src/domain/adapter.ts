/**
 * LoRA adapters of a component: small files that change what its model answers. They are named in the component's
 * options, or are inference components of their own on a base.
 */
import { formOfFile, type ModelSource } from './model-source.js';

/** An adapter's file. */
export interface AdapterSource {
  /** What workers call it: an option's name, or `component#generation`. Unique within a component. */
  readonly id: string;
  readonly source: ModelSource;
}

/** An adapter that callers can name. */
export interface AdapterRef {
  /** What callers call it: an option's name, or that of the inference component. */
  readonly name: string;
  /** As `AdapterSource`. */
  readonly id: string;
  /** It is an inference component of its own: its name alone finds it wherever components are named. */
  readonly isComponent: boolean;
}

/** Adapters of one component, of both kinds together. */
export const adaptersMax = 64;
/** Rules of an adapter's name in the options, for messages. */
export const adapterNameRule =
  'letters, digits, dots, dashes and underscores, a letter or digit first, 1 to 64 characters';

/** The first letter keeps a name from being read as a flag by a program that is started with it. */
export const adapterNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const addressPattern = /^(s3|https?|hf):\/\/[^\s/]+\/\S+$/;
/** Between an address and the digest of what is there. */
const digestMark = '#sha256=';
const digestPattern = /^(.*)#sha256=([0-9a-fA-F]{64})$/;
const addressCharsMax = 1024;

/** True for what may be an adapter's name in the options. */
export function isAdapterName(name: string): boolean {
  return adapterNamePattern.test(name);
}

/** Why a text is no `lora_modules`; null when it is one. */
export function problemOfLoraModules(text: string): string | null {
  const parsed = parse(text);
  return typeof parsed === 'string' ? parsed : null;
}

/** The adapters that `lora_modules` names, in its order. Throws Error for a text with a problem. */
export function readLoraModules(text: string | null): readonly AdapterSource[] {
  if (text === null) return [];
  const parsed = parse(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed.map(([id, url]) => ({ id, source: adapterSourceOf(url) }));
}

/** An adapter's address, as it is written. */
export interface AdapterAddress {
  readonly url: string;
  /** Lower-case hex; null = not said. */
  readonly sha256: string | null;
}

/** The `lora_modules` that names these. */
export function writeLoraModules(
  adapters: readonly (readonly [name: string, address: AdapterAddress])[],
): string {
  const texts = adapters.map(([name, address]) => [name, writeAdapterAddress(address)]);
  return JSON.stringify(Object.fromEntries(texts));
}

/** The text that `readAdapterAddress` takes apart. */
export function writeAdapterAddress({ url, sha256 }: AdapterAddress): string {
  return sha256 === null ? url : `${url}${digestMark}${sha256}`;
}

/** An address and the digest that may follow it as `#sha256=`. */
export function readAdapterAddress(text: string): AdapterAddress {
  const [, url = text, sha256 = null] = digestPattern.exec(text) ?? [];
  return { url, sha256: sha256?.toLowerCase() ?? null };
}

/** The adapters that callers of a component can name by its options. */
export function adaptersOfOptions(loraModules: string | null): readonly AdapterRef[] {
  return readLoraModules(loraModules).map(({ id }) => ({ name: id, id, isComponent: false }));
}

/** A source of one file, or of an archive with one in it: of an adapter, or of a draft model. */
export function adapterSourceOf(text: string): ModelSource {
  const { url, sha256 } = readAdapterAddress(text);
  return { url, form: formOfFile(url), ...(sha256 === null ? {} : { sha256 }) };
}

function parse(text: string): readonly (readonly [name: string, url: string])[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not a JSON object';
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.length > adaptersMax) {
    return `it names ${entries.length} adapters, not 1 to ${adaptersMax}`;
  }
  const read: (readonly [string, string])[] = [];
  for (const [name, url] of entries) {
    if (!isAdapterName(name)) return `\`${name.slice(0, 80)}\` is no adapter's name: ${adapterNameRule}`;
    if (typeof url !== 'string' || url.length > addressCharsMax || !addressPattern.test(url)) {
      return `\`${name}\` has no address: an s3://, https:// or hf:// address of a GGUF file`;
    }
    read.push([name, url]);
  }
  return read;
}
