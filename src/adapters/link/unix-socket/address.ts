/** Spellings of a worker's address on this system. */

const pipePrefix = '\\\\.\\pipe\\';

/** True for a Windows named pipe, which is no file. */
export function isPipe(address: string): boolean {
  return address.startsWith(pipePrefix);
}
