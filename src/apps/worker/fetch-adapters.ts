/** LoRA adapters, brought to this machine and looked into before native code sees them. */
import type { AdapterFile } from '../../adapters/engine/llama-cpp/model.js';
import type { AdapterSource } from '../../domain/adapter.js';
import { readLoraModules } from '../../domain/adapter.js';
import { StowageError } from '../../domain/errors.js';
import { verifyAdapterFile } from '../../library/verify-model.js';
import { fetchModel } from './fetch-model.js';
import type { Making } from './making.js';

/** Those that the component's options name, one after another. Rejects with MODEL-02x and MODEL-03x. */
export async function fetchAdapters(making: Making, architecture: string): Promise<readonly AdapterFile[]> {
  const files: AdapterFile[] = [];
  for (const adapter of readLoraModules(making.assignment.options.loraModules)) {
    files.push(await fetchAdapter(making, adapter, architecture));
  }
  return files;
}

export interface FetchedAdapter extends AdapterFile {
  /** As of `ModelFile`. */
  release(): void;
}

/** One adapter for models of `architecture`. Rejects with MODEL-02x and MODEL-03x, and the reason of `unwanted`. */
export async function fetchAdapter(
  making: Making,
  { id, source }: AdapterSource,
  architecture: string,
  unwanted?: AbortSignal,
): Promise<FetchedAdapter> {
  const { path, name, isFolder, release } = await fetchModel(making, source, unwanted);
  if (isFolder) {
    release();
    throw StowageError.of('MODEL-035', {
      url: source.url,
      problem: 'no single file in it is a GGUF adapter',
    });
  }
  try {
    await verifyAdapterFile(path, architecture, name);
  } catch (error) {
    release();
    throw error;
  }
  return { name: id, path, release };
}
