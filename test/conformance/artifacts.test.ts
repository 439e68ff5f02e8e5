/**
 * The library of model files against real servers on loopback: HTTP with ranges, and S3's wire as the official
 * client speaks it. Downloads, resumes, digests, folders, who shares what, and what is refused.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { openLibrary } from '../../src/apps/open-library.js';
import type { Artifacts, FetchProgress, LibrarySettings } from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { openBuiltInBucket } from '../../src/library/built-in-bucket.js';
import { modelFileOf } from '../../src/library/tree.js';
import { FileServer, S3Server, served } from './model-servers.js';
import { rememberingLog } from './quiet-log.js';

const mebibyte = 1024 * 1024;
const environment = { TEST_ACCESS: 'AKTEST', TEST_SECRET: 'secret' };
const worker = path.join(process.cwd(), '.cache', `library-worker-${process.pid}.mjs`);
const web = new FileServer();
const s3 = new S3Server();
let folder: string;
let settings: LibrarySettings;

beforeAll(async () => {
  await Promise.all([web.start(), s3.start()]);
  buildSync({
    entryPoints: ['test/conformance/library-worker.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outfile: worker,
  });
});
afterAll(async () => {
  rmSync(worker, { force: true });
  await Promise.all([web.stop(), s3.stop()]);
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stowage-library-'));
  settings = settingsOf({});
  for (const server of [web, s3]) {
    server.files.clear();
    server.redirects.clear();
    server.asked.length = 0;
    server.cuts.length = 0;
    server.intercept = null;
    server.pace = null;
    server.knowsRanges = true;
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settingsOf(changes: Partial<LibrarySettings>): LibrarySettings {
  return {
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
  };
}

function library(changes: Partial<LibrarySettings> = {}): Artifacts {
  return openLibrary(settingsOf(changes), environment, rememberingLog());
}

function acquire(source: ModelSource, artifacts = library(), heard: FetchProgress[] = []) {
  return artifacts.acquire(source, (progress) => heard.push(progress), new AbortController().signal);
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function serve(name: string, bytes: Buffer): ModelSource & { readonly sha256: string } {
  web.files.set(`/${name}`, served(bytes));
  return { url: `${web.url}/${name}`, form: 'object', sha256: digestOf(bytes) };
}

/** Everything below the library's folder that is no empty folder and no lock. */
function leftovers(part: string): string[] {
  return readdirSync(path.join(settings.folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

const gguf = (bytes: number) => Buffer.concat([Buffer.from('GGUF'), randomBytes(bytes - 4)]);

async function tarOf(
  entries: readonly (Partial<Header> & { name: string; content?: string })[],
): Promise<Buffer> {
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

describe('an object from https', () => {
  test('is fetched once, verified at every load, and told with progress that rises', async () => {
    const bytes = gguf(5 * mebibyte);
    const source = serve('model.gguf', bytes);
    const heard: FetchProgress[] = [];
    const first = await acquire(source, library(), heard);
    expect(readFileSync(first.path).equals(bytes)).toBe(true);
    expect(first).toMatchObject({ name: 'model.gguf', sha256: source.sha256 });
    expect(heard.map(({ phase }) => phase)).toContain('downloading');
    expect(heard.map(({ fraction }) => fraction)).toEqual(heard.map(({ fraction }) => fraction).sort());
    expect(heard.at(-1)?.fraction).toBe(1);
    const again: FetchProgress[] = [];
    const second = await acquire(source, library(), again);
    expect(second.path).toBe(first.path);
    expect(new Set(again.map(({ phase }) => phase))).toEqual(new Set(['verifying']));
    expect(web.asked).toEqual(['GET /model.gguf']);
    expect(leftovers('partial')).toEqual([]);
  });

  test('an empty one too', async () => {
    const pinned = await acquire(serve('empty', Buffer.alloc(0)));
    expect(statSync(pinned.path).size).toBe(0);
  });

  test('goes on where a broken connection left it', async () => {
    const source = serve('model.gguf', gguf(4 * mebibyte));
    web.cuts.push(1_500_000, 1_000_000);
    await acquire(source);
    expect(web.asked[0]).toBe('GET /model.gguf');
    expect(web.asked.slice(1).every((line) => /bytes=[1-9]\d{5,}-$/.test(line))).toBe(true);
    expect(web.asked).toHaveLength(3);
  });

  test('starts over where the server knows no ranges', async () => {
    const source = serve('model.gguf', gguf(4 * mebibyte));
    web.cuts.push(1_500_000);
    web.knowsRanges = false;
    await acquire(source);
    expect(web.asked).toHaveLength(2);
  });

  test('starts over when it changed in between, and is what the digest says', async () => {
    const bytes = gguf(4 * mebibyte);
    const old = gguf(4 * mebibyte);
    const source = serve('model.gguf', bytes);
    web.files.set('/model.gguf', served(old));
    web.cuts.push(1_500_000);
    web.intercept = () => {
      if (web.asked.length === 2) web.files.set('/model.gguf', served(bytes));
      return false;
    };
    const pinned = await acquire(source);
    expect(readFileSync(pinned.path).equals(bytes)).toBe(true);
  });

  test('without an ETag the beginning is kept and judged by the digest; a wrong one is fetched whole again', async () => {
    const bytes = gguf(3 * mebibyte);
    const source = serve('model.gguf', bytes);
    const withoutEtag = (from: Buffer) => ({ bytes: from, etag: '' });
    web.files.set('/model.gguf', withoutEtag(gguf(3 * mebibyte)));
    web.cuts.push(1_500_000);
    web.intercept = () => {
      if (web.asked.length === 2) web.files.set('/model.gguf', withoutEtag(bytes));
      return false;
    };
    const pinned = await acquire(source);
    expect(readFileSync(pinned.path).equals(bytes)).toBe(true);
  });

  test('of unknown length is taken, up to the limit', async () => {
    const bytes = gguf(2 * mebibyte);
    const source = serve('model.gguf', bytes);
    web.intercept = (_, response) => {
      response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
      response.end(bytes);
      return true;
    };
    await expect(acquire(source, library({ downloadBytesMax: mebibyte }))).rejects.toMatchObject({
      code: 'MODEL-030',
    });
    const pinned = await acquire(source);
    expect(statSync(pinned.path).size).toBe(bytes.length);
  });

  test('with another digest is refused, and nothing of it stays', async () => {
    const source = serve('model.gguf', gguf(mebibyte));
    web.files.set('/model.gguf', served(gguf(mebibyte)));
    await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-025' });
    expect([...leftovers('partial'), ...leftovers('objects')]).toEqual([]);
  });

  test.each([
    ['404', 404, /answers 404/],
    ['403', 403, /answers 403/],
  ])('that the server refuses with %s is told at once', async (_, status, problem) => {
    const source = serve('model.gguf', gguf(100));
    web.intercept = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    const error = await acquire(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MODEL-030', message: expect.stringMatching(problem) as string });
    expect(web.asked).toHaveLength(1);
  });

  test('a signature in the address is not in the message', async () => {
    const source = serve('model.gguf', gguf(100));
    web.files.clear();
    const url = `${source.url}?X-Amz-Signature=SECRET`;
    const error = (await acquire({ ...source, url }).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('/model.gguf');
    expect(error.message).not.toContain('SECRET');
  });

  test('ends with the reason of the signal, keeps what came, and goes on with that', async () => {
    const source = serve('model.gguf', gguf(4 * mebibyte));
    const ending = new AbortController();
    const hear = ({ fraction }: FetchProgress) => {
      if (fraction >= 0.5) ending.abort(new Error('too late'));
    };
    await expect(library().acquire(source, hear, ending.signal)).rejects.toThrow('too late');
    expect(leftovers('partial')).toContain('data');
    await acquire(source);
    expect(web.asked[1]).toMatch(/bytes=[1-9]/);
  });
});

describe('addresses', () => {
  const sha256 = 'a'.repeat(64);
  test.each<[string, ModelSource, RegExp]>([
    ['https without a digest', { url: 'https://example.com/m.gguf', form: 'object' }, /SHA-256/],
    ['http of a host nobody named', { url: 'http://example.com/m', form: 'object', sha256 }, /not encrypted/],
    ['a password', { url: 'https://a:b@example.com/m', form: 'object', sha256 }, /password/],
    ['an https prefix', { url: 'https://example.com/m/', form: 'prefix', sha256 }, /prefixes/],
    ['ftp', { url: 'ftp://example.com/m', form: 'object', sha256 }, /ftp/],
    ['a file URL', { url: 'file:///etc/passwd', form: 'object', sha256 }, /file:/],
    ['a path', { url: '/etc/passwd', form: 'object' }, /path/],
    ['hf that is not enabled', { url: `hf://a/b@${'c'.repeat(40)}/m.gguf`, form: 'object' }, /not enabled/],
    ['a folder as an object', { url: 's3://bucket/folder/', form: 'object' }, /folder/],
    ['a line break', { url: 'https://example.com/a\nb', form: 'object', sha256 }, /control/],
    ['loopback by number', { url: 'https://2130706433/m', form: 'object', sha256 }, /private/],
    ['loopback by name', { url: 'https://localhost/m', form: 'object', sha256 }, /private/],
    ['the metadata service', { url: 'https://169.254.169.254/m', form: 'object', sha256 }, /private/],
    ['loopback in IPv6', { url: 'https://[::ffff:127.0.0.1]/m', form: 'object', sha256 }, /private/],
  ])('%s is refused with MODEL-034', async (_, source, problem) => {
    const error = (await acquire(source, library({ allowHosts: [] })).catch(
      (thrown: unknown) => thrown,
    )) as Error;
    expect(error).toMatchObject({ code: 'MODEL-034' });
    expect(error.message).toMatch(problem);
    expect(web.asked).toEqual([]);
  });

  test('a bucket that no server is set for is refused', async () => {
    const artifacts = library({ objectServers: [] });
    await expect(acquire({ url: 's3://bucket/m.gguf', form: 'object' }, artifacts)).rejects.toMatchObject({
      code: 'MODEL-034',
    });
  });

  test.each([
    ['to a private address', 'https://10.0.0.1/m'],
    ['to the metadata service', 'https://169.254.169.254/latest/meta-data'],
    ['to plain HTTP', 'http://example.com/m'],
    ['to a file', 'file:///etc/passwd'],
  ])('a redirect %s is refused', async (_, location) => {
    const source = serve('model.gguf', gguf(100));
    web.redirects.set('/model.gguf', location);
    await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-034' });
  });

  test('a redirect to where the settings allow is followed, a circle is not', async () => {
    const source = serve('model.gguf', gguf(1000));
    web.redirects.set('/there', '/model.gguf');
    await acquire({ ...source, url: `${web.url}/there` });
    web.redirects.set('/circle', '/circle');
    await expect(acquire({ ...source, sha256, url: `${web.url}/circle` })).rejects.toMatchObject({
      code: 'MODEL-034',
    });
  });

  test('hf:// becomes the hub’s address at a pinned commit, with its token', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const bytes = gguf(5000);
    web.files.set(`/org/repo/resolve/${commit}/sub/m.gguf`, served(bytes));
    let authorization: string | undefined;
    web.intercept = (request) => {
      authorization = request.headers.authorization;
      return false;
    };
    const artifacts = openLibrary(
      settingsOf({ huggingFace: { endpoint: web.url, tokenEnv: 'HF' } }),
      { HF: 'hub-token' },
      rememberingLog(),
    );
    const pinned = await acquire({ url: `hf://org/repo@${commit}/sub/m.gguf`, form: 'object' }, artifacts);
    expect(pinned).toMatchObject({ name: 'm.gguf', sha256: digestOf(bytes) });
    expect(authorization).toBe('Bearer hub-token');
    await acquire({ url: `hf://org/repo@${commit}/sub/m.gguf`, form: 'object' }, artifacts);
    expect(web.asked).toHaveLength(1);
    await expect(
      acquire({ url: 'hf://org/repo@main/sub/m.gguf', form: 'object' }, artifacts),
    ).rejects.toMatchObject({ code: 'MODEL-034' });
  });
});

describe('S3, as the official client speaks it', () => {
  const source: ModelSource = { url: 's3://bucket/models/a b+ü.gguf', form: 'object' };
  const key = '/bucket/models/a b+ü.gguf';

  test('an object needs no digest, and is fetched again only when its ETag changed', async () => {
    const [bytes, other] = [gguf(3 * mebibyte), gguf(2 * mebibyte)];
    s3.files.set(key, served(bytes));
    const first = await acquire(source);
    expect(first.sha256).toBe(digestOf(bytes));
    expect((await acquire(source)).path).toBe(first.path);
    expect(s3.asked.filter((line) => line.startsWith('GET'))).toHaveLength(1);
    s3.files.set(key, served(other));
    expect((await acquire(source)).sha256).toBe(digestOf(other));
    expect([...s3.signers]).toEqual(['AKTEST']);
  });

  test('goes on where it was cut, and starts over when the object changed', async () => {
    const bytes = gguf(4 * mebibyte);
    s3.files.set(key, served(bytes));
    s3.cuts.push(2_000_000);
    await acquire(source);
    expect(s3.asked.at(-1)).toMatch(/bytes=[1-9]\d{5,}-$/);
    const next: ModelSource = { url: 's3://bucket/next', form: 'object' };
    const changed = gguf(4 * mebibyte);
    s3.files.set('/bucket/next', served(gguf(4 * mebibyte)));
    s3.cuts.push(2_000_000);
    s3.intercept = (request) => {
      if (request.headers.range !== undefined) s3.files.set('/bucket/next', served(changed));
      return false;
    };
    expect((await acquire(next)).sha256).toBe(digestOf(changed));
  });

  test('what it gave before is used while the server is away', async () => {
    const bytes = gguf(10_000);
    const away = await new S3Server().start();
    away.files.set('/bucket/m', served(bytes));
    const objectServers = settings.objectServers.map((server) => ({ ...server, endpoint: away.url }));
    const artifacts = library({ objectServers });
    const first = await acquire({ url: 's3://bucket/m', form: 'object' }, artifacts);
    first.release();
    await away.stop();
    const second = await acquire({ url: 's3://bucket/m', form: 'object' }, artifacts);
    expect(second.sha256).toBe(first.sha256);
  });

  test('a prefix becomes a folder, page by page, with the digest that sha256sum would give', async () => {
    const files = {
      'config.json': '{}',
      'model.gguf': 'GGUF and more',
      'sub/vocab.txt': 'a\nb\n',
      'z.txt': '',
    };
    for (const [name, text] of Object.entries(files)) s3.files.set(`/bucket/llama/${name}`, served(text));
    s3.files.set('/bucket/llama/sub/', served(''));
    const pinned = await acquire({ url: 's3://bucket/llama/', form: 'prefix' });
    expect(path.basename(pinned.path)).toBe('model.gguf');
    const lines = Object.entries(files)
      .map(([name, text]) => `${digestOf(Buffer.from(text))}  ${name}\n`)
      .join('');
    expect(pinned.sha256).toBe(digestOf(Buffer.from(lines)));
    expect(readFileSync(path.join(path.dirname(pinned.path), 'sub/vocab.txt'), 'utf8')).toBe('a\nb\n');
    const gets = () => s3.asked.filter((line) => line.startsWith('GET')).length;
    const before = gets();
    await acquire({ url: 's3://bucket/llama/', form: 'prefix', sha256: pinned.sha256 });
    await acquire({ url: 's3://bucket/llama/', form: 'prefix' });
    expect(gets()).toBe(before);
    s3.files.set('/bucket/llama/config.json', served('{"changed":1}'));
    const changed = await acquire({ url: 's3://bucket/llama/', form: 'prefix' });
    expect(changed.sha256).not.toBe(pinned.sha256);
  });

  test('a prefix that was cut keeps its finished objects', async () => {
    for (const name of ['a', 'b', 'c']) s3.files.set(`/bucket/p/${name}.gguf`, served(gguf(100_000)));
    const ending = new AbortController();
    s3.pace = () => {
      if (s3.asked.at(-1)?.includes('c.gguf') === true) ending.abort(new Error('stop'));
      return Promise.resolve();
    };
    const source: ModelSource = { url: 's3://bucket/p/', form: 'prefix' };
    await expect(library().acquire(source, () => undefined, ending.signal)).rejects.toThrow('stop');
    s3.pace = null;
    const before = s3.asked.length;
    await acquire(source);
    expect(s3.asked.slice(before).filter((line) => line.startsWith('GET'))).toEqual(['GET /bucket/p/c.gguf']);
  });

  test.each([
    ['..', '/bucket/bad/../../x'],
    ['a backslash', '/bucket/bad/a\\b'],
    ['an absolute path', '/bucket/bad//etc/passwd'],
  ])('a key with %s refuses the prefix', async (_, bad) => {
    s3.files.set(bad, served('x'));
    await expect(acquire({ url: 's3://bucket/bad/', form: 'prefix' })).rejects.toMatchObject({
      code: 'MODEL-034',
    });
  });

  test.each<[string, ModelSource, string]>([
    ['nothing below a prefix', { url: 's3://bucket/none/', form: 'prefix' }, 'MODEL-035'],
    ['no object', { url: 's3://bucket/none', form: 'object' }, 'MODEL-030'],
  ])('%s is told', async (_, missing, code) => {
    await expect(acquire(missing)).rejects.toMatchObject({ code });
  });

  test('variables that are not set are told by name', async () => {
    const artifacts = openLibrary(settings, {}, rememberingLog());
    await expect(acquire(source, artifacts)).rejects.toMatchObject({
      code: 'MODEL-030',
      message: expect.stringContaining('TEST_ACCESS') as string,
    });
  });
});

describe('an archive', () => {
  const url = 's3://bucket/model.tar.gz';
  const put = (archive: Buffer) => s3.files.set('/bucket/model.tar.gz', served(archive));

  test('is unpacked once; its files are verified at every load, and its model is found', async () => {
    put(
      await tarOf([
        { name: './', type: 'directory' },
        { name: './weights/model.gguf', content: `GGUF${'x'.repeat(100_000)}` },
        { name: './config.json', content: '{}' },
      ]),
    );
    const heard: FetchProgress[] = [];
    const pinned = await acquire({ url, form: 'archive' }, library(), heard);
    expect(path.relative(settings.folder, pinned.path)).toMatch(
      /^trees\/[0-9a-f]{64}\/files\/weights\/model.gguf$/,
    );
    expect(pinned.name).toBe('model.gguf');
    expect(heard.map(({ phase }) => phase)).toContain('unpacking');
    expect([...leftovers('partial'), ...leftovers('objects')]).toEqual([]);
    const config = path.join(path.dirname(pinned.path), '../config.json');
    writeFileSync(config, '[]');
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code: 'MODEL-025' });
    const again = await acquire({ url, form: 'archive' });
    expect(readFileSync(config, 'utf8')).toBe('{}');
    expect(again.sha256).toBe(pinned.sha256);
  });

  test('of several models gives the folder, and who needs one model is told', async () => {
    put(
      await tarOf([
        { name: 'a.gguf', content: 'GGUF' },
        { name: 'b.bin', content: 'GGUF' },
      ]),
    );
    const pinned = await acquire({ url, form: 'archive' });
    expect(statSync(pinned.path).isDirectory()).toBe(true);
    await expect(modelFileOf(pinned.path, url)).rejects.toMatchObject({
      code: 'MODEL-035',
      message: expect.stringContaining('2 GGUF files') as string,
    });
  });

  const file = { name: 'ok.gguf', content: 'GGUF' };
  test.each<[string, (Partial<Header> & { name: string; content?: string })[], string]>(
    [
      ['a path with ..', [file, { name: '../evil', content: 'x' }], 'MODEL-032'],
      ['.. inside a path', [file, { name: 'a/../../evil', content: 'x' }], 'MODEL-032'],
      ['an absolute path', [file, { name: '/tmp/evil', content: 'x' }], 'MODEL-032'],
      ['a Windows path', [file, { name: 'C:\\evil', content: 'x' }], 'MODEL-032'],
      ['a backslash', [file, { name: '..\\evil', content: 'x' }], 'MODEL-032'],
      ['a symbolic link out', [file, { name: 'l', type: 'symlink', linkname: '/etc/passwd' }], 'MODEL-032'],
      ['a symbolic link inside', [file, { name: 'l', type: 'symlink', linkname: 'ok.gguf' }], 'MODEL-032'],
      ['a hard link', [file, { name: 'l', type: 'link', linkname: 'ok.gguf' }], 'MODEL-032'],
      ['a device', [file, { name: 'd', type: 'character-device', devmajor: 1, devminor: 3 }], 'MODEL-032'],
      ['a pipe', [file, { name: 'p', type: 'fifo' }], 'MODEL-032'],
      ['the same file twice', [file, file], 'MODEL-032'],
      ['a file where a folder is', [file, { name: 'ok.gguf/x', content: 'x' }], 'MODEL-032'],
      ['a folder where a file is', [file, { name: 'ok.gguf', type: 'directory' }], 'MODEL-032'],
      ['a path that is too long', [file, { name: `${'a/'.repeat(40)}x`, content: 'x' }], 'MODEL-032'],
      ['a name that is too long', [file, { name: 'x'.repeat(300), content: 'x' }], 'MODEL-032'],
      ['a pickle', [file, { name: 'weights.gguf', content: '\u0080\u0002}q\0.' }], 'ok-see-below'],
      ['nothing', [], 'MODEL-035'],
    ].filter(([, , code]) => code !== 'ok-see-below') as never,
  )('with %s is refused, and nothing of it stays', async (_, entries, code) => {
    put(await tarOf(entries));
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code });
    for (const part of ['partial', 'objects', 'trees']) expect(leftovers(part)).toEqual([]);
    expect(existsSync('/tmp/evil')).toBe(false);
    expect(existsSync(path.join(folder, 'evil'))).toBe(false);
  });

  test('that swells is refused', async () => {
    put(await tarOf([{ name: 'zeros', content: '\0'.repeat(100 * mebibyte) }]));
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code: 'MODEL-032' });
  });

  test('with too many files is refused', async () => {
    put(await tarOf(Array.from({ length: 10_001 }, (_, at) => ({ name: `f${at}`, content: '' }))));
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code: 'MODEL-032' });
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20), 'MODEL-022'],
    ['no gzip', () => Buffer.from('hello, this is no archive'), 'MODEL-022'],
    ['gzip of something else', () => gzipSync(randomBytes(5000)), 'MODEL-022'],
  ])('that is %s is damaged', async (_, damage, code) => {
    put(damage(await tarOf([{ name: 'a.gguf', content: 'GGUF' }])));
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code });
  });
});

describe('what is damaged on this disk', () => {
  test.each([
    ['changed', (file: string) => writeFileSync(file, gguf(mebibyte))],
    ['cut short', (file: string) => truncateSync(file, 1000)],
    ['emptied', (file: string) => truncateSync(file, 0)],
  ])(
    'and was %s is found at the next load, taken out, and fetched again by the one after',
    async (_, damage) => {
      const source = serve('model.gguf', gguf(mebibyte));
      const first = await acquire(source);
      first.release();
      damage(first.path);
      await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-025' });
      expect(existsSync(first.path)).toBe(false);
      const again = await acquire(source);
      expect(digestOf(readFileSync(again.path))).toBe(source.sha256);
    },
  );
});

describe('several processes', () => {
  const run = (source: ModelSource) => {
    const child = spawn(process.execPath, [worker, JSON.stringify({ settings, source })], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    const saying = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => said.includes(text) && resolve();
        child.stdout.on('data', look);
        child.on('exit', () => reject(new Error(`it ended and said: ${said}`)));
        look();
      });
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    return { child, saying, ended, text: () => said };
  };

  test('that want the same share one download', async () => {
    const source = serve('model.gguf', gguf(6 * mebibyte));
    const workers = Array.from({ length: 4 }, () => run(source));
    await Promise.all(workers.map((each) => each.saying('pinned')));
    expect(web.asked).toEqual(['GET /model.gguf']);
    for (const each of workers) {
      each.child.kill('SIGKILL');
      await each.ended;
    }
  });

  test('one that is killed in the middle leaves what it has to the next', async () => {
    const source = serve('model.gguf', gguf(8 * mebibyte));
    let reached: () => void = () => undefined;
    const middle = new Promise<void>((resolve) => (reached = resolve));
    let isHeld = true;
    web.pace = (sent) => {
      if (sent < 6 * mebibyte || !isHeld) return Promise.resolve();
      reached();
      return new Promise(() => undefined);
    };
    const first = run(source);
    await middle;
    await expect.poll(() => partialBytes(), { timeout: 10_000 }).toBeGreaterThan(4 * mebibyte);
    first.child.kill('SIGKILL');
    await first.ended;
    isHeld = false;
    const pinned = await acquire(source);
    expect(digestOf(readFileSync(pinned.path))).toBe(source.sha256);
    expect(web.asked).toHaveLength(2);
    expect(Number(/bytes=(\d+)-/.exec(web.asked[1] ?? '')?.[1])).toBeGreaterThan(4 * mebibyte);
  });

  const partialBytes = () => {
    const folders = readdirSync(path.join(settings.folder, 'partial'));
    const sizes = folders.map(
      (name) =>
        statSync(path.join(settings.folder, 'partial', name, 'data'), { throwIfNoEntry: false })?.size ?? 0,
    );
    return Math.max(0, ...sizes);
  };

  test('the pins of a process that lives hold, those of one that died do not', async () => {
    const [bytes, more] = [gguf(3 * mebibyte), gguf(3 * mebibyte)];
    const [source, next] = [serve('a.gguf', bytes), serve('b.gguf', more)];
    const holder = run(source);
    await holder.saying('pinned');
    const small = library({ bytesMax: 5 * mebibyte });
    await expect(acquire(next, small)).rejects.toMatchObject({ code: 'MODEL-033' });
    const bucket = openBuiltInBucket(settings, systemClock);
    expect(bucket.list()).toMatchObject([{ sha256: source.sha256, pinnedBy: [holder.child.pid] }]);
    holder.child.kill('SIGKILL');
    await holder.ended;
    const pinned = await acquire(next, small);
    expect(bucket.list().map(({ sha256 }) => sha256)).toEqual([pinned.sha256]);
  });
});

describe('room', () => {
  test('is made by what was not used for longest, never by what is pinned or named', async () => {
    const sources = ['a', 'b', 'c', 'd'].map((name) => serve(`${name}.gguf`, gguf(2 * mebibyte)));
    const [a, b, c, d] = sources as [ModelSource, ModelSource, ModelSource, ModelSource];
    const named = path.join(folder, 'named.gguf');
    writeFileSync(named, gguf(2 * mebibyte));
    const small = { bytesMax: 8.5 * mebibyte };
    const bucket = openBuiltInBucket(settingsOf(small), systemClock);
    const added = await bucket.addFile(named, 'named');
    const pinnedA = await acquire(a, library(small));
    (await acquire(b, library(small))).release();
    (await acquire(c, library(small))).release();
    (await acquire(b, library(small))).release(); // now c is the longest unused
    await acquire(d, library(small));
    const held = () => new Set(bucket.list().map(({ sha256 }) => sha256));
    expect(held()).toEqual(new Set([added.sha256, a.sha256, b.sha256, d.sha256]));
    pinnedA.release();
    (await acquire(c, library(small))).release();
    expect(held()).toEqual(new Set([added.sha256, b.sha256, c.sha256, d.sha256]));
  });

  test('that cannot be made is MODEL-033 with numbers, and leaves nothing', async () => {
    const source = serve('a.gguf', gguf(3 * mebibyte));
    await expect(acquire(source, library({ bytesMax: mebibyte }))).rejects.toMatchObject({
      code: 'MODEL-033',
      message: expect.stringMatching(/3 MiB are needed, 1 MiB/) as string,
    });
    expect([...leftovers('partial'), ...leftovers('objects')]).toEqual([]);
  });
});
