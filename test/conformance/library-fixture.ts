/**
 * A library in a folder of its own, with servers on loopback that it may ask: what the artifact tests share. Each
 * test begins with an empty library and empty servers.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openLibrary } from '../../src/apps/open-library.js';
import type {
  Artifacts,
  FetchProgress,
  LibrarySettings,
  PinnedArtifact,
} from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { FileServer, S3Server, served } from './model-servers.js';
import { rememberingLog } from './quiet-log.js';

export const mebibyte = 1024 * 1024;
/** Where the settings' credentials are. */
export const secrets = { TEST_ACCESS: 'AKTEST', TEST_SECRET: 'secret' };

export interface LibraryFixture {
  readonly web: FileServer;
  readonly s3: S3Server;
  /** A folder for this test; the library is `library` in it. */
  readonly folder: string;
  settings(changes?: Partial<LibrarySettings>): LibrarySettings;
  library(changes?: Partial<LibrarySettings>): Artifacts;
  acquire(source: ModelSource, artifacts?: Artifacts, heard?: FetchProgress[]): Promise<PinnedArtifact>;
  /** Puts bytes on the web server. */
  serve(name: string, bytes: Buffer): ModelSource & { readonly sha256: string };
  /** Names of the files below a part of the library. */
  filesIn(part: string): string[];
}

/** To be called once, outside of any test. */
export function libraryFixture(): LibraryFixture {
  const web = new FileServer();
  const s3 = new S3Server();
  let folder = '';
  beforeAll(() => Promise.all([web.start(), s3.start()]));
  afterAll(() => Promise.all([web.stop(), s3.stop()]));
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'stowage-library-'));
    for (const server of [web, s3]) server.reset();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const settings = (changes: Partial<LibrarySettings> = {}): LibrarySettings => ({
    folder: path.join(folder, 'library'),
    bytesMax: 1024 * mebibyte,
    downloadBytesMax: 256 * mebibyte,
    allowHosts: ['127.0.0.1'],
    objectServers: [
      {
        bucket: '*',
        endpoint: s3.url,
        region: 'us-east-1',
        usesPathStyle: true,
        credentials: {
          accessKeyIdEnv: 'TEST_ACCESS',
          secretAccessKeyEnv: 'TEST_SECRET',
          sessionTokenEnv: null,
        },
      },
    ],
    huggingFace: null,
    ...changes,
  });
  const library = (changes: Partial<LibrarySettings> = {}) =>
    openLibrary(settings(changes), secrets, rememberingLog());
  return {
    web,
    s3,
    get folder() {
      return folder;
    },
    settings,
    library,
    acquire: (source, artifacts = library(), heard = []) =>
      artifacts.acquire(source, (progress) => heard.push(progress), new AbortController().signal),
    serve(name, bytes) {
      web.files.set(`/${name}`, served(bytes));
      return { url: `${web.url}/${name}`, form: 'object', sha256: digestOf(bytes) };
    },
    filesIn: (part) =>
      readdirSync(path.join(folder, 'library', part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
  };
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that look like a model from outside. */
export function modelBytes(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('GGUF'), randomBytes(bytes - 4)]);
}

export type TarEntry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) archive.entry(header);
    else archive.entry(header, content);
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return gzipSync(Buffer.concat(parts));
}
