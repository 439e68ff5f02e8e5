/**
 * Folders of the library: their files, each with its SHA-256, and which of them is the model. What a path inside an
 * archive or below a prefix may be is decided here, once.
 */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StowageError } from '../domain/errors.js';
import { readJson } from './json-files.js';

export const manifestFile = 'manifest.json';
/** The files themselves, beside the manifest. */
export const treeFilesFolder = 'files';
/** Files of one folder. */
export const treeFilesMax = 10_000;
const pathBytesMax = 1024;
const segmentBytesMax = 255;
const depthMax = 32;

const manifestSchema = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type Manifest = z.output<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];

export function readManifest(file: string): Manifest | null {
  return readJson(file, manifestSchema);
}

/** SHA-256 of what `sha256sum` prints for all files, in the order of their paths' bytes. */
export function manifestDigest({ files }: Manifest): string {
  const lines = files.map(({ path: name, sha256 }) => ({ name: Buffer.from(name), sha256 }));
  const hash = createHash('sha256');
  for (const { name, sha256 } of lines.sort((a, b) => Buffer.compare(a.name, b.name))) {
    hash.update(`${sha256}  `).update(name).update('\n');
  }
  return hash.digest('hex');
}

/**
 * A path that stays in its folder, as segments joined by `/`; or why it is refused. `./` at its start and in between
 * means nothing and goes.
 */
export function safePath(raw: string): { readonly path: string } | { readonly problem: string } {
  const problem = (text: string) => ({ problem: `\`${shownPath(raw)}\` ${text}` });
  if (Buffer.byteLength(raw) > pathBytesMax) return problem('is too long');
  if (raw.startsWith('/') || /^[A-Za-z]:/.test(raw.replace(/^(\.?\/)+/, '')))
    return problem('is an absolute path');
  if (/[\0-\x1f\x7f\\]/.test(raw)) return problem('holds a backslash or a control character');
  const segments = raw.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) return problem('leads out of its folder');
  if (segments.length > depthMax) return problem('is nested too deep');
  if (segments.some((segment) => Buffer.byteLength(segment) > segmentBytesMax)) return problem('is too long');
  return { path: segments.join('/') };
}

/** A stranger's path, fit for a message. */
export function shownPath(raw: string): string {
  const text = raw.replace(/[^\x20-\x7e]/g, '?');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * The one GGUF file of a folder, or the file itself when it is one. `shown` is how messages call it. Throws
 * MODEL-035 when there is none, or several.
 */
export async function modelFileOf(file: string, shown: string): Promise<string> {
  if (!(await stat(file)).isDirectory()) return file;
  const entries = await readdir(file, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(file, path.join(entry.parentPath, entry.name)))
    .sort();
  const models: string[] = [];
  for (const name of names.slice(0, treeFilesMax)) {
    if (/\.gguf$/i.test(name) || (await beginsWithGguf(path.join(file, name)))) models.push(name);
  }
  const [first, ...others] = models;
  if (first !== undefined && others.length === 0) return path.join(file, first);
  throw StowageError.of('MODEL-035', { url: shown, problem: whyNone(models, names) });
}

function whyNone(models: readonly string[], names: readonly string[]): string {
  const few = (list: readonly string[]) =>
    `${list
      .slice(0, 3)
      .map((name) => `\`${shownPath(name)}\``)
      .join(', ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}`;
  if (models.length === 0) {
    return names.length === 0
      ? 'it holds no files'
      : `none of its ${names.length} files is GGUF: ${few(names)}`;
  }
  const parts = models.filter((name) => /-\d{5}-of-\d{5}\.gguf$/i.test(name));
  if (parts.length === models.length) {
    return `its model is split into ${parts.length} files; join them with \`llama-gguf-split --merge\``;
  }
  return `it holds ${models.length} GGUF files: ${few(models)}`;
}

async function beginsWithGguf(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'GGUF';
  } finally {
    await handle.close();
  }
}
