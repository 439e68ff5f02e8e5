/**
 * The library of model files against real servers on loopback: HTTP with ranges, and S3's wire as the official
 * client speaks it. What is fetched and what is not, what is resumed, what is refused.
 */
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLibrary } from '../../src/apps/open-library.js';
import type { FetchProgress } from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { digestOf, libraryFixture, mebibyte, modelBytes } from './library-fixture.js';
import { S3Server, served } from './model-servers.js';
import { rememberingLog } from './quiet-log.js';

const fixture = libraryFixture();
const { web, s3, settings, library, acquire, serve, filesIn } = fixture;

describe('an object from https', () => {
  test('is fetched once, verified at every load, and told with progress that rises', async () => {
    const bytes = modelBytes(5 * mebibyte);
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
    expect(filesIn('partial')).toEqual([]);
  });

  test('an empty one too', async () => {
    const pinned = await acquire(serve('empty', Buffer.alloc(0)));
    expect(statSync(pinned.path).size).toBe(0);
  });

  test('goes on where a broken connection left it', async () => {
    const source = serve('model.gguf', modelBytes(4 * mebibyte));
    web.cuts.push(1_500_000, 1_000_000);
    await acquire(source);
    expect(web.asked[0]).toBe('GET /model.gguf');
    expect(web.asked.slice(1).every((line) => /bytes=[1-9]\d{5,}-$/.test(line))).toBe(true);
    expect(web.asked).toHaveLength(3);
  });

  test('starts over where the server knows no ranges', async () => {
    const source = serve('model.gguf', modelBytes(4 * mebibyte));
    web.cuts.push(1_500_000);
    web.knowsRanges = false;
    await acquire(source);
    expect(web.asked).toHaveLength(2);
  });

  test('starts over when it changed in between, and is what the digest says', async () => {
    const bytes = modelBytes(4 * mebibyte);
    const old = modelBytes(4 * mebibyte);
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
    const bytes = modelBytes(3 * mebibyte);
    const source = serve('model.gguf', bytes);
    const withoutEtag = (from: Buffer) => ({ bytes: from, etag: '' });
    web.files.set('/model.gguf', withoutEtag(modelBytes(3 * mebibyte)));
    web.cuts.push(1_500_000);
    web.intercept = () => {
      if (web.asked.length === 2) web.files.set('/model.gguf', withoutEtag(bytes));
      return false;
    };
    const pinned = await acquire(source);
    expect(readFileSync(pinned.path).equals(bytes)).toBe(true);
  });

  test('of unknown length is taken, up to the limit', async () => {
    const bytes = modelBytes(2 * mebibyte);
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
    const source = serve('model.gguf', modelBytes(mebibyte));
    web.files.set('/model.gguf', served(modelBytes(mebibyte)));
    await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-025' });
    expect([...filesIn('partial'), ...filesIn('objects')]).toEqual([]);
  });

  test.each([
    ['404', 404, /answers 404/],
    ['403', 403, /answers 403/],
  ])('that the server refuses with %s is told at once', async (_, status, problem) => {
    const source = serve('model.gguf', modelBytes(100));
    web.intercept = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    const error = await acquire(source).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MODEL-030', message: expect.stringMatching(problem) as string });
    expect(web.asked).toHaveLength(1);
  });

  test('a signature in the address is not in the message', async () => {
    const source = serve('model.gguf', modelBytes(100));
    web.files.clear();
    const url = `${source.url}?X-Amz-Signature=SECRET`;
    const error = (await acquire({ ...source, url }).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('/model.gguf');
    expect(error.message).not.toContain('SECRET');
  });

  test('ends with the reason of the signal, keeps what came, and goes on with that', async () => {
    const source = serve('model.gguf', modelBytes(4 * mebibyte));
    const ending = new AbortController();
    const hear = ({ fraction }: FetchProgress) => {
      if (fraction >= 0.5) ending.abort(new Error('too late'));
    };
    await expect(library().acquire(source, hear, ending.signal)).rejects.toThrow('too late');
    expect(filesIn('partial')).toContain('data');
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
    const source = serve('model.gguf', modelBytes(100));
    web.redirects.set('/model.gguf', location);
    await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-034' });
  });

  test('a redirect to where the settings allow is followed, a circle is not', async () => {
    const source = serve('model.gguf', modelBytes(1000));
    web.redirects.set('/there', '/model.gguf');
    await acquire({ ...source, url: `${web.url}/there` });
    web.redirects.set('/circle', '/circle');
    await expect(acquire({ ...source, sha256, url: `${web.url}/circle` })).rejects.toMatchObject({
      code: 'MODEL-034',
    });
  });

  test('hf:// becomes the hub’s address at a pinned commit, with its token', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const bytes = modelBytes(5000);
    web.files.set(`/org/repo/resolve/${commit}/sub/m.gguf`, served(bytes));
    let authorization: string | undefined;
    web.intercept = (request) => {
      authorization = request.headers.authorization;
      return false;
    };
    const artifacts = openLibrary(
      settings({ huggingFace: { endpoint: web.url, tokenEnv: 'HF' } }),
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
    const [bytes, other] = [modelBytes(3 * mebibyte), modelBytes(2 * mebibyte)];
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
    const bytes = modelBytes(4 * mebibyte);
    s3.files.set(key, served(bytes));
    s3.cuts.push(2_000_000);
    await acquire(source);
    expect(s3.asked.at(-1)).toMatch(/bytes=[1-9]\d{5,}-$/);
    const next: ModelSource = { url: 's3://bucket/next', form: 'object' };
    const changed = modelBytes(4 * mebibyte);
    s3.files.set('/bucket/next', served(modelBytes(4 * mebibyte)));
    s3.cuts.push(2_000_000);
    s3.intercept = (request) => {
      if (request.headers.range !== undefined) s3.files.set('/bucket/next', served(changed));
      return false;
    };
    expect((await acquire(next)).sha256).toBe(digestOf(changed));
  });

  test('what it gave before is used while the server is away', async () => {
    const bytes = modelBytes(10_000);
    const away = await new S3Server().start();
    away.files.set('/bucket/m', served(bytes));
    const objectServers = settings().objectServers.map((server) => ({ ...server, endpoint: away.url }));
    const artifacts = library({ objectServers });
    const first = await acquire({ url: 's3://bucket/m', form: 'object' }, artifacts);
    first.release();
    await away.stop();
    const second = await acquire({ url: 's3://bucket/m', form: 'object' }, artifacts);
    expect(second.sha256).toBe(first.sha256);
  });

  test.each<[string, ModelSource, string]>([
    ['nothing below a prefix', { url: 's3://bucket/none/', form: 'prefix' }, 'MODEL-035'],
    ['no object', { url: 's3://bucket/none', form: 'object' }, 'MODEL-030'],
  ])('%s is told', async (_, missing, code) => {
    await expect(acquire(missing)).rejects.toMatchObject({ code });
  });

  test('variables that are not set are told by name', async () => {
    const artifacts = openLibrary(settings(), {}, rememberingLog());
    await expect(acquire(source, artifacts)).rejects.toMatchObject({
      code: 'MODEL-030',
      message: expect.stringContaining('TEST_ACCESS') as string,
    });
  });
});

test('a folder that cannot be made is told', () => {
  writeFileSync(path.join(fixture.folder, 'file'), '');
  const folder = path.join(fixture.folder, 'file', 'library');
  expect(() => library({ folder })).toThrow(expect.objectContaining({ code: 'HOST-605' }) as Error);
});

describe('what is damaged on this disk', () => {
  test.each([
    ['changed', (file: string) => writeFileSync(file, modelBytes(mebibyte))],
    ['cut short', (file: string) => truncateSync(file, 1000)],
    ['emptied', (file: string) => truncateSync(file, 0)],
  ])(
    'and was %s is found at the next load, taken out, and fetched again by the one after',
    async (_, damage) => {
      const source = serve('model.gguf', modelBytes(mebibyte));
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
