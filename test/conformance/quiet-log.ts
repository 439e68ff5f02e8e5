/** A log that only remembers. */
import type { Log } from '../../src/contracts/telemetry.js';

export interface LogLine {
  readonly level: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function rememberingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: string) => (facts: object, message: string) => {
    lines.push({ level, facts: { ...facts }, message });
  };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
