/** The files of a corpus: written from front to back, their SHA-256 on the way. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

export class OutputFile {
  private readonly descriptor: number;
  private readonly digest = createHash('sha256');
  private bytes = 0;

  constructor(
    folder: string,
    readonly name: string,
  ) {
    this.descriptor = openSync(path.join(folder, name), 'w');
  }

  write(data: Uint8Array): void {
    this.digest.update(data);
    for (let at = 0; at < data.length;) at += writeSync(this.descriptor, data, at);
    this.bytes += data.length;
  }

  close(): WrittenFile {
    closeSync(this.descriptor);
    return { bytes: this.bytes, sha256: this.digest.digest('hex') };
  }
}

export function writeWhole(folder: string, name: string, text: string): WrittenFile {
  const file = new OutputFile(folder, name);
  file.write(Buffer.from(text, 'utf8'));
  return file.close();
}
