/** What copies of a plan will need in memory, where the model is a file of this machine: said before anything is made. */
import { readEnvironment } from '../../../domain/container-environment.js';
import { EngineKind } from '../../../domain/component.js';
import type { EndpointPlan, SpecificationPlan } from '../../../domain/endpoint-plan.js';
import { verifyModelFile } from '../../../library/verify-model.js';
import { estimateCopyMemory } from '../../copy-memory.js';

const mebibyte = 1024 ** 2;

/**
 * A sentence for each component that reserves less than its copies are estimated to need. A file that cannot be
 * estimated is passed over here: what is wrong with it is said where it is used.
 */
export async function memoryNeeds(plans: readonly EndpointPlan[]): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const { name, specifications } of plans.flatMap(({ components }) => components)) {
    for (const specification of specifications) {
      const sentence = await memoryNeed(name, specification);
      if (sentence !== null) sentences.push(sentence);
    }
  }
  return [...new Set(sentences)];
}

async function memoryNeed(name: string, { model, settings }: SpecificationPlan): Promise<string | null> {
  if (model.origin?.kind !== 'file') return null;
  const { engine, options } = readEnvironment(model.environment, name);
  const reserved = settings.computeResourceRequirements?.minMemoryRequiredInMb ?? 0;
  if (engine !== EngineKind.LlamaCpp) return null;
  const header = await verifyModelFile(model.origin.path).catch(() => null);
  if (header === null) return null;
  const { weightsBytes, kvBytes, prefixCacheBytes, totalBytes } = estimateCopyMemory(header, options);
  const needed = inMebibytes(totalBytes);
  if (needed <= reserved) return null;
  const parts = [
    `weights ${inMebibytes(weightsBytes)}`,
    `KV cache ${inMebibytes(kvBytes)}`,
    ...(prefixCacheBytes > 0 ? [`prefix cache up to ${inMebibytes(prefixCacheBytes)}`] : []),
  ];
  return `${name}: a copy will need about ${needed} MiB of memory (${parts.join(', ')}) and reserves ${reserved}; \`resources.memory.reserve: ${needed}Mi\` keeps so much free`;
}

function inMebibytes(bytes: number): number {
  return Math.ceil(bytes / mebibyte);
}
