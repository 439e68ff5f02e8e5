/**
 * Where the engine's shared libraries are: in the npm packages `@node-llama-cpp/<platform>`, which hold
 * llama.cpp built for that platform. The CPU package is the base; accelerator packages of the same version
 * add a backend when they are installed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StowageError } from '../../../domain/errors.js';

/** The version of the npm packages this build is written for. */
export const enginePackageVersion = '3.22.1';

const basePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
};

/** Packages that add an accelerator, and the file in them that does. */
const acceleratorPackages: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux-x64-cuda', 'linux-x64-cuda-ext', 'linux-x64-vulkan'],
  'linux-arm64': [],
};

export interface LibraryFiles {
  readonly folder: string;
  readonly llama: string;
  readonly ggml: string;
  readonly ggmlBase: string;
  /** Backend libraries of installed accelerator packages. */
  readonly accelerators: readonly { readonly packageName: string; readonly file: string }[];
}

/** Finds the libraries for this machine. Throws HOST-606 for an unknown platform, HOST-601 for a missing package. */
export function findLibraryFiles(platform = `${process.platform}-${process.arch}`): LibraryFiles {
  const base = basePackages[platform];
  if (base === undefined) throw StowageError.of('HOST-606', { platform });
  const folder = packageFolder(base);
  if (folder === null) {
    throw StowageError.of('HOST-601', {
      library: `@node-llama-cpp/${base}`,
      problem: 'the package is not installed',
      suggestion: `npm ci --include=optional, or npm install @node-llama-cpp/${base}@${enginePackageVersion}`,
    });
  }
  return {
    folder,
    llama: pick(folder, /^libllama(\.v[\d.]+)?\.so$/),
    ggml: pick(folder, /^libggml(\.v[\d.]+)?\.so$/),
    ggmlBase: pick(folder, /^libggml-base(\.v[\d.]+)?\.so$/),
    accelerators: findAccelerators(platform),
  };
}

function findAccelerators(platform: string): LibraryFiles['accelerators'] {
  return (acceleratorPackages[platform] ?? []).flatMap((name) => {
    const folder = packageFolder(name);
    if (folder === null) return [];
    return readdirSync(folder)
      .filter((file) => /^libggml-(cuda|vulkan)\.so$/.test(file))
      .map((file) => ({ packageName: `@node-llama-cpp/${name}`, file: join(folder, file) }));
  });
}

function packageFolder(name: string): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(`@node-llama-cpp/${name}`);
    const folder = join(dirname(entry), '..', 'bins', name);
    return existsSync(folder) ? folder : null;
  } catch {
    return null;
  }
}

function pick(folder: string, pattern: RegExp): string {
  const file = readdirSync(folder).find((name) => pattern.test(name));
  if (file !== undefined) return join(folder, file);
  throw StowageError.of('HOST-601', {
    library: pattern.source,
    problem: 'the file is not in the engine package',
    suggestion: 'npm ci',
  });
}
