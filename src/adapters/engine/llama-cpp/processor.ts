/** What this machine's processor has that changes how llama.cpp keeps weights. Loads no library. */
import { readFileSync } from 'node:fs';

/** True where llama.cpp copies weights for matrix tiles (AMX). The kernel says so on Linux; no other system lets it. */
export function hasMatrixTiles(): boolean {
  try {
    return /^flags\s*:.*\bamx_int8\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}
