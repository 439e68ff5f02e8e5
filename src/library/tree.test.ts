import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manifestDigest, modelFileOf, safePath } from './tree.js';

describe('a path in an archive', () => {
  test.each([
    ['a/b.gguf', 'a/b.gguf'],
    ['./a', 'a'],
    ['a//b', 'a/b'],
    ['./', ''],
    ['a/./b', 'a/b'],
    ['a..b/...', 'a..b/...'],
  ])('%j is %j', (raw, expected) => expect(safePath(raw)).toEqual({ path: expected }));

  test.each(['/a', '../a', 'a/..', 'a/../../b', 'C:/a', 'c:a', 'a\\b', 'a\nb', 'a\0b', `${'a'.repeat(256)}`])(
    '%j is refused',
    (raw) => expect(safePath(raw)).toHaveProperty('problem'),
  );

  test('that is taken never leads out of its folder, and means the same when it is read again', () => {
    const part = fc.oneof(
      fc.constantFrom('.', '..', '', 'a', '/', '\\', 'C:', '...'),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('/')),
        (raw) => {
          const checked = safePath(raw);
          if ('problem' in checked) return;
          const root = path.resolve('/top/of/it');
          const whole = path.resolve(root, checked.path);
          expect(whole === root || whole.startsWith(`${root}/`)).toBe(true);
          expect(safePath(checked.path)).toEqual(checked);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('a manifest’s digest is what sha256sum gives', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-manifest-'));
  try {
    const names = ['z', 'a/b', 'a.txt', 'B', 'ä', 'a-'];
    mkdirSync(path.join(folder, 'a'));
    const files = names.map((name) => {
      writeFileSync(path.join(folder, name), name);
      return { path: name, bytes: name.length, sha256: createHash('sha256').update(name).digest('hex') };
    });
    const command =
      'find . -type f | cut -c3- | LC_ALL=C sort | xargs -d "\\n" sha256sum | sha256sum | cut -c1-64';
    const expected = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }).trim();
    expect(manifestDigest({ files })).toBe(expected);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the model of a folder', () => {
  const inFolder = async (files: Record<string, string>) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'stowage-tree-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      return path.relative(folder, await modelFileOf(folder, 's3://bucket/it'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test.each([
    ['by its name', { 'a/x.gguf': 'GGUF', 'config.json': '{}' }, 'a/x.gguf'],
    ['by its magic', { 'model.bin': 'GGUF...', 'b.txt': 'GG' }, 'model.bin'],
  ])('is found %s', async (_, files, expected) => expect(await inFolder(files)).toBe(expected));

  test.each([
    ['none', { 'model.onnx': 'x' }, /none of its 1 files is GGUF: `model.onnx`/],
    ['several', { 'a.gguf': 'GGUF', 'b.gguf': 'GGUF' }, /2 GGUF files: `a.gguf`, `b.gguf`/],
    ['parts', { 'm-00001-of-00002.gguf': 'GGUF', 'm-00002-of-00002.gguf': 'GGUF' }, /split into 2 files/],
    ['nothing', {}, /holds no files/],
  ])('is refused when there is %s', async (_, files, message) => {
    await expect(inFolder(files)).rejects.toMatchObject({
      code: 'MODEL-035',
      message: expect.stringMatching(message) as string,
    });
  });
});
