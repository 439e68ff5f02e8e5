/**
 * Gives back the pages of a mapped file that the library only read to copy them: weights in the order that a matrix
 * unit wants, and those of another device. Without it they count as resident beside their copies (f16 weights on a
 * processor with AMX: twice the file). Pages that are used come back at their first use, from the kernel's cache.
 */
import koffi from 'koffi';
import { readFileSync, realpathSync } from 'node:fs';

/** `MADV_DONTNEED` (Linux, asm-generic/mman-common.h): on a mapped file that nobody writes, nothing is lost. */
const adviceDontNeed = 4;

/** Bytes of this process that are no pages of files; null where the kernel does not say. */
export function ownMemoryBytes(): number | null {
  const kibibytes = /^RssAnon:\s+(\d+) kB$/m.exec(readProcess('status'))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** Gives back what is resident of the mappings of `file`. Does nothing where that cannot be done. */
export function releaseMappedPages(file: string): void {
  try {
    const ranges = mappedRanges(readProcess('maps'), realpathSync(file));
    if (ranges.length === 0) return;
    const advise = koffi.load('libc.so.6').func('int madvise(uint64_t address, size_t bytes, int advice)');
    for (const { from, to } of ranges) advise(from, to - from, adviceDontNeed);
  } catch {
    // Another C library, or a file that is gone: the pages stay, and only count.
  }
}

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** The address ranges of a file in the text of /proc/PID/maps (proc_pid_maps(5)); only those that are not written. */
export function mappedRanges(maps: string, file: string): readonly Range[] {
  const line = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+\s+(.+)$/;
  return maps.split('\n').flatMap((text) => {
    const [, from, to, rights, path] = line.exec(text) ?? [];
    if (path !== file || rights?.includes('w') !== false) return [];
    return [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }];
  });
}

/** Empty where there is no such file: this is Linux's. */
function readProcess(name: string): string {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8');
  } catch {
    return '';
  }
}
