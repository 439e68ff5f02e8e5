/**
 * What a worker process inherits: what programs need to find their libraries and devices, the variables that the
 * library's settings name, and no other secrets.
 */

const inherited: readonly string[] = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'XDG_CACHE_HOME',
];
const inheritedPrefixes: readonly string[] = ['CUDA_', 'NVIDIA_', 'GGML_', 'VK_', 'HIP_', 'ROCR_'];

/** The environment of a worker, out of the server's own; `names` are those that it needs to fetch its model. */
export function workerEnvironment(own: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { UV_THREADPOOL_SIZE: '1' };
  for (const [name, value] of Object.entries(own)) {
    if (
      inherited.includes(name) ||
      names.includes(name) ||
      inheritedPrefixes.some((prefix) => name.startsWith(prefix))
    ) {
      environment[name] = value;
    }
  }
  return environment;
}
