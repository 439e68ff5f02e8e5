/** What the processes of a group have in memory. Linux only: elsewhere it is not known, and 0. */
import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of a page; Linux on x64 and most arm64. */
const pageBytes = 4096;

/** Resident memory of a process group, bytes. Pages that several of them share count for each. */
export function memoryOfGroup(group: number): number {
  if (process.platform !== 'linux') return 0;
  let pages = 0;
  for (const name of readdirSync('/proc')) if (/^\d+$/.test(name)) pages += residentPages(name, group);
  return pages * pageBytes;
}

/** 0 for a process that is gone or of another group. Fields are proc(5)'s, counted behind the program's name. */
function residentPages(pid: string, group: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[2]) === group ? Number(fields[21]) : 0;
  } catch {
    return 0;
  }
}
