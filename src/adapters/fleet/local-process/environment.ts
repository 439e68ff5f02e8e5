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
  'GLIBC_TUNABLES',
];
const inheritedPrefixes: readonly string[] = ['CUDA_', 'NVIDIA_', 'GGML_', 'VK_', 'HIP_', 'ROCR_'];

/**
 * Large blocks of memory in pages of 2 MiB, where the C library is glibc and the kernel leaves it to programs: a KV
 * cache is cleared and made anew three times as fast (128 MiB: 225 and 70 ms).
 */
const hugePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** By which CUDA shows a program only some devices, in this order. */
const visibleDevices = 'CUDA_VISIBLE_DEVICES';

/**
 * The environment of a worker, out of the server's own; `names` are those that it needs to fetch its model, and
 * `devices` the accelerators it is placed on, counted among those that the server sees. It sees only these; without
 * any it sees what the server does.
 */
export function workerEnvironment(
  own: NodeJS.ProcessEnv,
  names: readonly string[],
  devices: readonly number[] = [],
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { UV_THREADPOOL_SIZE: '1', ...hugePages };
  for (const [name, value] of Object.entries(own)) {
    if (
      inherited.includes(name) ||
      names.includes(name) ||
      inheritedPrefixes.some((prefix) => name.startsWith(prefix))
    ) {
      environment[name] = value;
    }
  }
  if (devices.length > 0) environment[visibleDevices] = devicesSeen(own[visibleDevices], devices);
  return environment;
}

/** The names of devices among those that the server sees; where it sees all, their numbers. Empty text: it sees none. */
function devicesSeen(own: string | undefined, devices: readonly number[]): string {
  const seen = own?.split(',').map((name) => name.trim());
  const names = devices.map((device) => (seen === undefined ? String(device) : (seen[device] ?? '')));
  return names.filter((name) => name !== '').join(',');
}
