/** A log that keeps what it is told. */
import type { Log } from '../../src/contracts/telemetry.js';

export class MemoryLog implements Log {
  readonly warnings: string[] = [];

  debug(): void {}

  info(): void {}

  warn(_: object, message: string): void {
    this.warnings.push(message);
  }

  error(_: object, message: string): void {
    this.warnings.push(message);
  }
}
