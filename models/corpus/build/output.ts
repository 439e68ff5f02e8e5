/** The files of a corpus: written from front to back, their SHA-256 on the way, and put in their place all at once. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { isProcessAlive, ownProcessName } from '../../../src/library/process-identity.js';
import { UsageError } from '../../usage-error.js';

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

export interface OutputPlace {
  /** Need not be there; a link to a folder is followed. */
  readonly folder: string;
  /** The file that says what the others are. It is there when they all are, and then no other run may write here. */
  readonly manifest: string;
  /** Whether a run may take the place of one that is there. */
  readonly replaces: boolean;
  /** Every file that any run writes but the manifest: those of an earlier run that this one does not write are removed. */
  readonly names: readonly string[];
}

/**
 * Files come into being in a folder beside their own, and are renamed into it when all are done, the manifest last: who
 * reads files of an earlier run keeps them as they are, and a run that breaks leaves them alone. One that is killed
 * leaves its folder too, FOLDER.partial-PROCESS-…, which the next run removes. What else is in the folder stays.
 *
 * `make` is given the folder to write into, and writes the manifest too. Throws UsageError where the folder is taken.
 */
export async function writeOutput(
  place: OutputPlace,
  make: (folder: string) => Promise<void> | void,
): Promise<void> {
  const { folder, manifest, names } = place;
  refuseTaken(place);
  mkdirSync(folder, { recursive: true });
  const own = realpathSync(folder);
  if (statSync(own).dev !== statSync(path.dirname(own)).dev)
    throw new UsageError(`--out: ${folder} is a file system of its own; name a folder in it`);
  removeLeftovers(own);
  const partial = mkdtempSync(`${own}.partial-${ownProcessName()}-`);
  try {
    await make(partial);
    refuseTaken(place); // another run may have been quicker
    rmSync(path.join(own, manifest), { force: true });
    const made = readdirSync(partial).filter((name) => name !== manifest);
    for (const name of names.filter((each) => !made.includes(each))) {
      rmSync(path.join(own, name), { force: true });
    }
    for (const name of [...made, manifest]) renameSync(path.join(partial, name), path.join(own, name));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Of runs to this folder that were killed. */
function removeLeftovers(own: string): void {
  const parent = path.dirname(own);
  const begin = `${path.basename(own)}.partial-`;
  for (const name of readdirSync(parent).filter((each) => each.startsWith(begin))) {
    const owner = name.slice(begin.length).split('-', 2).join('-');
    if (!isProcessAlive(owner)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function refuseTaken({ folder, manifest, replaces }: OutputPlace): void {
  if (!replaces && existsSync(path.join(folder, manifest)))
    throw new UsageError(
      `--out: ${folder} holds a ${manifest} already; --replace puts new files in the place of its own`,
    );
}
