/** The configuration a command was pointed at, read from its file or from standard input. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readConfiguration } from '../../api/configuration/read-configuration.js';
import type { Configuration } from '../../api/configuration/read-configuration.js';
import { StowageError } from '../../domain/errors.js';
import type { Session } from './session.js';

/** More than the reader of configurations takes, so that it is the one to refuse. */
const fileBytesMax = 2 * 1024 * 1024;

/**
 * `-` is standard input; its relative paths start at the current folder. `region`: where documents are wanted that
 * name none. `instanceTypes`: those there are, null = unknown. Throws FILE-010..013.
 */
export async function readConfigurationFile(
  file: string,
  session: Session,
  region?: string,
  instanceTypes: readonly string[] | null = null,
): Promise<Configuration> {
  const options = { fileExists: existsSync, instanceTypes, ...(region === undefined ? {} : { region }) };
  if (file === '-') {
    return readConfiguration(await session.readInput(), 'standard input', process.cwd(), options);
  }
  return readConfiguration(await readTextFile(file, fileBytesMax), file, dirname(resolve(file)), options);
}

/** A text file a person named; throws FILE-013 with the reason in words. */
export async function readTextFile(file: string, bytesMax: number): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > bytesMax) throw new Error(`it is larger than ${bytesMax} bytes`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw StowageError.of('FILE-013', { file, problem: reasonOf(cause) }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
