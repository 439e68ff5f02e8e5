import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { knownArchitectures } from './architectures.js';

const packages = path.resolve(import.meta.dirname, '../../../node_modules/@node-llama-cpp');
const platform = existsSync(packages)
  ? readdirSync(packages).find((name) => name.includes(process.arch))
  : undefined;

test.skipIf(platform === undefined)(
  'the installed engine library has the name of every known architecture',
  () => {
    const folder = path.join(packages, platform ?? '', 'bins', platform ?? '');
    const library = readdirSync(folder).find((name) => /^libllama[.v\d]*\.(so|dylib)/.test(name));
    const bytes = readFileSync(path.join(folder, library ?? 'libllama is missing'));
    const missing = [...knownArchitectures].filter((name) => !bytes.includes(`${name}\0`));
    expect(missing).toEqual([]);
    expect(bytes.includes('no-such-architecture\0')).toBe(false);
  },
);

test('the architectures of the models we serve are known, other programs’ are not', () => {
  for (const name of ['llama', 'qwen2', 'qwen3', 'gemma3', 'mistral3', 'phi3'])
    expect(knownArchitectures).toContain(name);
  for (const name of ['clip', '(unknown)', 'stable-diffusion', ''])
    expect(knownArchitectures).not.toContain(name);
});
