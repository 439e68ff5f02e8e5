/** Memory that a model of tensors will take, from the bytes of its files alone: a rough guess before it is loaded. */

/** Resident bytes of the process and the library without a model (measured: 150 MiB). */
const processBytes = 160 * 1024 ** 2;
/** The weights, and those of them that are laid out once more for the processor's instructions. */
const weightFactor = 2;

/** Bytes. What a batch needs beside the weights is in none of it. */
export function estimateTensorMemory(fileBytes: number): number {
  return processBytes + weightFactor * fileBytes;
}
