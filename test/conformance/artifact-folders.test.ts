/**
 * Folders in the library: what stands below a prefix, and what was in an archive. What a stranger may have put into
 * them, and what is refused.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { modelFileOf } from '../../src/library/tree.js';
import { digestOf, libraryFixture, mebibyte, modelBytes, tarOf } from './library-fixture.js';
import type { TarEntry } from './library-fixture.js';
import { served } from './model-servers.js';

const fixture = libraryFixture();
const { s3, settings, library, acquire, filesIn } = fixture;

describe('a prefix of S3', () => {
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

  test('a pickle among its objects is refused, whatever it is called', async () => {
    s3.files.set('/bucket/p/config.json', served('{}'));
    s3.files.set('/bucket/p/model.bin', served(Buffer.from('gAJjcG9zaXgKc3lzdGVtCnEALg==', 'base64')));
    const source: ModelSource = { url: 's3://bucket/p/', form: 'prefix' };
    await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-031' });
    expect([...filesIn('partial'), ...filesIn('trees')]).toEqual([]);
  });

  test('an object that is a folder as well is refused', async () => {
    s3.files.set('/bucket/p/a', served('x'));
    s3.files.set('/bucket/p/a/b', served('y'));
    await expect(acquire({ url: 's3://bucket/p/', form: 'prefix' })).rejects.toMatchObject({
      code: 'MODEL-034',
    });
  });

  test('more than one download may be is refused before anything is fetched', async () => {
    for (const name of ['a', 'b']) s3.files.set(`/bucket/p/${name}`, served(Buffer.alloc(mebibyte)));
    const small = library({ downloadBytesMax: 1.5 * mebibyte });
    await expect(acquire({ url: 's3://bucket/p/', form: 'prefix' }, small)).rejects.toMatchObject({
      code: 'MODEL-030',
    });
    expect(s3.asked.every((line) => line.startsWith('LIST'))).toBe(true);
  });

  test('a prefix that was cut keeps its finished objects', async () => {
    for (const name of ['a', 'b', 'c']) s3.files.set(`/bucket/p/${name}.gguf`, served(modelBytes(100_000)));
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
    expect(path.relative(settings().folder, pinned.path)).toMatch(
      /^trees\/[0-9a-f]{64}\/files\/weights\/model.gguf$/,
    );
    expect(pinned.name).toBe('model.gguf');
    expect(heard.map(({ phase }) => phase)).toContain('unpacking');
    expect([...filesIn('partial'), ...filesIn('objects')]).toEqual([]);
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
  const pickle = Buffer.from('gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==', 'base64');
  test.each<[string, TarEntry[], string]>([
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
    ['a pickle', [file, { name: 'weights.gguf', content: pickle }], 'MODEL-031'],
    ['nothing', [], 'MODEL-035'],
  ])('with %s is refused, and nothing of it stays', async (_, entries, code) => {
    put(await tarOf(entries));
    await expect(acquire({ url, form: 'archive' })).rejects.toMatchObject({ code });
    for (const part of ['partial', 'objects', 'trees']) expect(filesIn(part)).toEqual([]);
    expect(existsSync('/tmp/evil')).toBe(false);
    expect(existsSync(path.join(fixture.folder, 'evil'))).toBe(false);
  });

  test('from https needs a digest, is unpacked and not kept', async () => {
    const archive = await tarOf([file]);
    const source = fixture.serve('model.tar.gz', archive);
    const pinned = await acquire({ ...source, form: 'archive' });
    expect(readFileSync(pinned.path, 'utf8')).toBe('GGUF');
    expect(pinned.sha256).toBe(source.sha256);
    await acquire({ ...source, form: 'archive' });
    expect(fixture.web.asked).toHaveLength(1);
  });

  test('that unpacks to more than one download may be is refused', async () => {
    put(await tarOf([{ name: 'a.gguf', content: modelBytes(2 * mebibyte) }]));
    const small = library({ downloadBytesMax: 3 * mebibyte, bytesMax: 100 * mebibyte });
    await acquire({ url, form: 'archive' }, small);
    put(await tarOf(['a', 'b'].map((name) => ({ name, content: Buffer.alloc(2 * mebibyte, name) }))));
    await expect(acquire({ url, form: 'archive' }, small)).rejects.toMatchObject({ code: 'MODEL-032' });
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
