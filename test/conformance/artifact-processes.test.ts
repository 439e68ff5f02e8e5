/** One library for several processes: who shares a download, whose pins hold, and how room is made. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import type { LibrarySettings } from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { openBuiltInBucket } from '../../src/library/built-in-bucket.js';
import { selfSigned } from '../wire/self-signed.js';
import { digestOf, libraryFixture, mebibyte, modelBytes, secrets, tarOf } from './library-fixture.js';

const fixture = libraryFixture();
const { web, settings, library, acquire, serve, filesIn } = fixture;
const worker = path.join(process.cwd(), '.cache', `library-worker-${process.pid}.mjs`);

beforeAll(() => {
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
afterAll(() => rmSync(worker, { force: true }));

describe('several processes', () => {
  const run = (source: ModelSource, changes: Partial<LibrarySettings> = {}, more: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [worker, JSON.stringify({ settings: settings(changes), source })], {
      env: { ...process.env, ...secrets, ...more },
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
    const source = serve('model.gguf', modelBytes(6 * mebibyte));
    const workers = Array.from({ length: 4 }, () => run(source));
    await Promise.all(workers.map((each) => each.saying('pinned')));
    expect(web.asked).toEqual(['GET /model.gguf']);
    for (const each of workers) {
      each.child.kill('SIGKILL');
      await each.ended;
    }
  });

  test('one that is killed in the middle leaves what it has to the next', async () => {
    const source = serve('model.gguf', modelBytes(8 * mebibyte));
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
    const folders = readdirSync(path.join(settings().folder, 'partial'));
    const sizes = folders.map(
      (name) =>
        statSync(path.join(settings().folder, 'partial', name, 'data'), { throwIfNoEntry: false })?.size ?? 0,
    );
    return Math.max(0, ...sizes);
  };

  test('TLS is spoken to an authority that is known, and to nobody else', async () => {
    const bytes = modelBytes(100_000);
    const { cert, key } = selfSigned();
    const authority = path.join(fixture.folder, 'authority.pem');
    writeFileSync(authority, cert);
    const server = createServer({ cert, key }, (_, response) => response.end(bytes));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    try {
      const url = `https://localhost:${(server.address() as AddressInfo).port}/m.gguf`;
      const source: ModelSource = { url, form: 'object', sha256: digestOf(bytes) };
      const allowHosts = ['localhost'];
      await expect(acquire(source, library({ allowHosts }))).rejects.toMatchObject({
        code: 'MODEL-030',
        message: expect.stringContaining('self-signed') as string,
      });
      const child = run(source, { allowHosts }, { NODE_EXTRA_CA_CERTS: authority });
      await child.saying('pinned');
      child.child.kill('SIGKILL');
      await child.ended;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('the pins of a process that lives hold, those of one that died do not', async () => {
    const [bytes, more] = [modelBytes(3 * mebibyte), modelBytes(3 * mebibyte)];
    const [source, next] = [serve('a.gguf', bytes), serve('b.gguf', more)];
    const holder = run(source);
    await holder.saying('pinned');
    const small = library({ bytesMax: 5 * mebibyte });
    await expect(acquire(next, small)).rejects.toMatchObject({ code: 'MODEL-033' });
    const bucket = openBuiltInBucket(settings(), systemClock);
    expect(bucket.list()).toMatchObject([{ sha256: source.sha256, pinnedBy: [holder.child.pid] }]);
    holder.child.kill('SIGKILL');
    await holder.ended;
    const pinned = await acquire(next, small);
    expect(bucket.list().map(({ sha256 }) => sha256)).toEqual([pinned.sha256]);
  });
});

describe('room', () => {
  test('is made by what was not used for longest, never by what is pinned or named', async () => {
    const sources = ['a', 'b', 'c', 'd'].map((name) => serve(`${name}.gguf`, modelBytes(2 * mebibyte)));
    const [a, b, c, d] = sources as [ModelSource, ModelSource, ModelSource, ModelSource];
    const named = path.join(fixture.folder, 'named.gguf');
    writeFileSync(named, modelBytes(2 * mebibyte));
    const small = { bytesMax: 8.5 * mebibyte };
    const bucket = openBuiltInBucket(settings(small), systemClock);
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
    const source = serve('a.gguf', modelBytes(3 * mebibyte));
    await expect(acquire(source, library({ bytesMax: mebibyte }))).rejects.toMatchObject({
      code: 'MODEL-033',
      message: expect.stringMatching(/3 MiB are needed, 1 MiB/) as string,
    });
    expect([...filesIn('partial'), ...filesIn('objects')]).toEqual([]);
  });
});

describe('a disk that is full', () => {
  const mount = () => {
    const at = path.join(fixture.folder, 'library');
    mkdirSync(at, { recursive: true });
    return spawnSync('sh', ['-c', 'mount -t tmpfs -o size=96m tmpfs "$0"', at]).status === 0 ? at : null;
  };

  test('is MODEL-033, leaves nothing half, and is no obstacle once there is room', async ({ skip }) => {
    const at = mount();
    if (at === null) return skip('a small file system cannot be mounted here');
    try {
      const source = serve('a.gguf', modelBytes(20 * mebibyte));
      const other = path.join(at, 'of-somebody-else');
      writeFileSync(other, Buffer.alloc(80 * mebibyte));
      await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-033' });
      expect([...filesIn('partial'), ...filesIn('objects')]).toEqual([]);
      rmSync(other);
      // It fills up while the bytes arrive, after room was made for them.
      web.pace = (sent) => {
        if (sent === 2 * mebibyte) writeFileSync(other, Buffer.alloc(1), { flag: 'w' });
        if (sent >= 2 * mebibyte && statSync(other).size < mebibyte) {
          try {
            writeFileSync(other, Buffer.alloc(96 * mebibyte));
          } catch {
            // as much as there was room for
          }
        }
        return Promise.resolve();
      };
      await expect(acquire(source)).rejects.toMatchObject({ code: 'MODEL-033' });
      expect([...filesIn('partial'), ...filesIn('objects')]).toEqual([]);
      web.pace = null;
      rmSync(other);
      const pinned = await acquire(source);
      expect(digestOf(readFileSync(pinned.path))).toBe(source.sha256);
    } finally {
      spawnSync('sh', ['-c', 'umount -l "$0"', at]);
    }
  });
});

describe('the built-in bucket', () => {
  const bucket = () => openBuiltInBucket(settings(), systemClock);
  const write = (name: string, bytes: Buffer) => {
    const file = path.join(fixture.folder, name);
    writeFileSync(file, bytes);
    return file;
  };

  test('takes a file, which is then an object like any other', async () => {
    const bytes = modelBytes(mebibyte);
    const heard: number[] = [];
    const added = await bucket().addFile(write('m.gguf', bytes), 'chat/v1', (fraction) =>
      heard.push(fraction),
    );
    expect(added).toMatchObject({
      url: 's3://stowage/chat/v1',
      sha256: digestOf(bytes),
      bytes: bytes.length,
    });
    expect(heard.at(-1)).toBe(1);
    const pinned = await acquire({ url: added.url, form: 'object' });
    expect(readFileSync(pinned.path).equals(bytes)).toBe(true);
    expect(bucket().list()).toMatchObject([{ name: 'chat/v1', pinnedBy: [process.pid] }]);
    expect((await acquire({ url: pinned.path, form: 'object' })).path).toBe(pinned.path);
  });

  test('a name that stands for other bytes now still gives the old ones by their digest', async () => {
    const first = await bucket().addFile(write('a', modelBytes(1000)), 'chat');
    const second = await bucket().addFile(write('b', modelBytes(1000)), 'chat');
    expect((await acquire({ url: first.url, form: 'object', sha256: first.sha256 })).sha256).toBe(
      first.sha256,
    );
    expect((await acquire({ url: first.url, form: 'object' })).sha256).toBe(second.sha256);
    const sha256 = 'f'.repeat(64);
    await expect(acquire({ url: first.url, form: 'object', sha256 })).rejects.toMatchObject({
      code: 'MODEL-025',
    });
  });

  test('names below a prefix are a folder, an archive is unpacked from its file', async () => {
    await bucket().addFile(write('a', modelBytes(1000)), 'llama/model.gguf');
    await bucket().addFile(write('b', Buffer.from('{}')), 'llama/config.json');
    const folder = await acquire({ url: 's3://stowage/llama/', form: 'prefix' });
    expect(readdirSync(path.dirname(folder.path)).sort()).toEqual(['config.json', 'model.gguf']);
    const archive = await tarOf([{ name: 'x.gguf', content: 'GGUF' }]);
    const { url } = await bucket().addFile(write('m.tar.gz', archive), 'packed');
    expect((await acquire({ url, form: 'archive' })).name).toBe('x.gguf');
    expect((await acquire({ url, form: 'object' })).sha256).toBe(digestOf(archive));
    for (const { kind } of await bucket().verify(null, () => undefined, new AbortController().signal)) {
      expect(['object', 'tree']).toContain(kind);
    }
  });

  test.each([
    ['a pickle', Buffer.from('gAJjcG9zaXgKc3lzdGVtCnEALg==', 'base64'), 'a', 'MODEL-031'],
    ['an impossible name', Buffer.from('x'), '../a', 'USE-640'],
    ['an empty name', Buffer.from('x'), '', 'USE-640'],
  ])('%s is refused, and nothing of it stays', async (_, bytes, name, code) => {
    await expect(bucket().addFile(write('m', bytes), name)).rejects.toMatchObject({ code });
    expect(bucket().list()).toEqual([]);
    expect(filesIn('partial')).toEqual([]);
  });

  test('a missing file and a name that nobody gave are told', async () => {
    const missing = path.join(fixture.folder, 'none');
    await expect(bucket().addFile(missing, 'a')).rejects.toMatchObject({ code: 'MODEL-020' });
    await expect(acquire({ url: 's3://stowage/none', form: 'object' })).rejects.toMatchObject({
      code: 'MODEL-030',
      mend: 'stowage models add FILE --name none',
    });
    expect(await bucket().remove('none')).toBe(false);
  });

  test('what is removed while it is used goes when it is used no more', async () => {
    const added = await bucket().addFile(write('m', modelBytes(1000)), 'chat');
    const pinned = await acquire({ url: added.url, form: 'object' });
    expect(await bucket().remove('chat')).toBe(true);
    expect(statSync(pinned.path).size).toBe(1000);
    pinned.release();
    expect(await bucket().remove(added.sha256)).toBe(true);
    expect(bucket().list()).toEqual([]);
  });

  test('a damaged file is found by verify, taken out, and its name says so', async () => {
    const added = await bucket().addFile(write('m', modelBytes(1000)), 'chat');
    const pinned = await acquire({ url: added.url, form: 'object' });
    rmSync(pinned.path);
    writeFileSync(pinned.path, modelBytes(1000));
    const [found] = await bucket().verify('chat', () => undefined, new AbortController().signal);
    expect(found?.problem).toMatchObject({ code: 'MODEL-025' });
    expect(bucket().list()).toMatchObject([{ name: 'chat', bytes: null }]);
    await expect(acquire({ url: added.url, form: 'object' })).rejects.toMatchObject({ code: 'MODEL-030' });
    await bucket().addFile(path.join(fixture.folder, 'm'), 'chat');
    await acquire({ url: added.url, form: 'object' });
  });
});
