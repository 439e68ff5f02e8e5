/** The component's LoRA adapters, brought to this machine. */
import type { AdapterFile } from '../../adapters/engine/llama-cpp/model.js';
import type { Making } from './making.js';

export async function fetchAdapters(_making: Making): Promise<readonly AdapterFile[]> {
  return [];
}
