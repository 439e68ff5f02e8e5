import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownProcessName } from '../../../src/library/process-identity.js';
import { UsageError } from '../../usage-error.js';
import { writeOutput, writeWhole } from './output.js';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'stowage-output-'));
  folder = path.join(parent, 'corpus');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const names = ['a.bin', 'b.bin'];

/** A run that writes these files, each with its text. */
async function run(files: Readonly<Record<string, string>>, replaces = false): Promise<void> {
  await writeOutput({ folder, manifest: 'manifest.json', replaces, names }, (partial) => {
    for (const [name, text] of Object.entries(files)) writeWhole(partial, name, text);
  });
}

function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}

const first = { 'a.bin': 'first a', 'b.bin': 'first b', 'manifest.json': 'first' };
const second = { 'a.bin': 'second a', 'manifest.json': 'second' };

it('files come to their place at the end, and nothing is left beside it', async () => {
  await writeOutput({ folder, manifest: 'manifest.json', replaces: false, names }, (partial) => {
    expect(path.dirname(partial)).toBe(parent);
    for (const [name, text] of Object.entries(first)) writeWhole(partial, name, text);
    expect(readdirSync(folder)).toEqual([]);
  });
  expect(contents()).toEqual(first);
  expect(readdirSync(parent)).toEqual(['corpus']);
});

it('a folder with a manifest is refused before anything is made', async () => {
  await run(first);
  const refused = writeOutput({ folder, manifest: 'manifest.json', replaces: false, names }, () => {
    throw new Error('made');
  });
  await expect(refused).rejects.toThrow(UsageError);
  expect(contents()).toEqual(first);
});

it('a run that breaks leaves an earlier one as it was', async () => {
  await run(first);
  const broken = writeOutput({ folder, manifest: 'manifest.json', replaces: true, names }, (partial) => {
    writeWhole(partial, 'a.bin', 'broken');
    throw new Error('broke');
  });
  await expect(broken).rejects.toThrow('broke');
  expect(contents()).toEqual(first);
  expect(readdirSync(parent)).toEqual(['corpus']);
});

it('what a killed run left is removed by the next, that of a running one is not', async () => {
  const left = ['4194305-1-killed', 'unnamed', `${ownProcessName()}-running`].map(
    (end) => `${folder}.partial-${end}`,
  );
  for (const each of left) mkdirSync(each);
  await run(first);
  expect(left.map((each) => existsSync(each))).toEqual([false, false, true]);
});

it('a run that replaces removes what it does not write itself, and leaves what no run writes', async () => {
  await run(first);
  writeFileSync(path.join(folder, 'notes.txt'), 'mine');
  await run(second, true);
  expect(contents()).toEqual({ ...second, 'notes.txt': 'mine' });
});

it('files that are in use are not cut off', async () => {
  await run(first);
  const inUse = openSync(path.join(folder, 'a.bin'), 'r');
  await run(second, true);
  expect(readFileSync(inUse, 'utf8')).toBe('first a');
  closeSync(inUse);
});

it('a folder without a manifest is what an older run left of itself', async () => {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'b.bin'), 'half');
  await run(second);
  expect(contents()).toEqual(second);
  expect(existsSync(path.join(folder, 'b.bin'))).toBe(false);
});
