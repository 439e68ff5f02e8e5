/**
 * Provides llama.cpp's own `llama-server` and `llama-batched-bench`, to measure Stowage against.
 *
 * What this promises:
 * - The programs are compiled here, from the llama.cpp source that the npm package `node-llama-cpp` carries, in the
 *   version of the platform package that this repository depends on. That one package is all that is downloaded.
 * - The programs run with the very shared libraries that Stowage runs with: the platform package's (`libraries:
 *   'shipped'`). Where there are none that fit (not Linux, package not installed, link or start fails) they are built
 *   with natively compiled ones instead, which is logged and told (`libraries: 'built'`).
 * - A call that finds the programs of that version, linked to those libraries and able to start, builds nothing.
 * - Nothing is written outside the cache folder, npm's own cache apart. Two calls must not build in one folder at once.
 *
 * As a command: `node bench/peers/build-llama-cpp.mjs`, which prints the result as JSON on standard output.
 * `STOWAGE_LLAMA_LIB_DIR` names another folder to take the shipped libraries from (of the same version); one that holds
 * none makes everything be built natively.
 *
 * What to know when measuring: llama-server keeps its compute threads between steps, but llama-batched-bench leaves that
 * to the library. The shipped one is compiled without OpenMP and then starts its threads anew at every step, so for small
 * models llama-batched-bench is an upper limit only when built natively. llama-server closes a connection after a
 * streamed answer without saying so: measure it with one connection per request.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '..', '..');

const DEBIAN_PACKAGES = { cmake: 'cmake', ninja: 'ninja-build', 'c++': 'g++', git: 'git', tar: 'tar' };
const PROGRAMS = { server: 'llama-server', batchedBench: 'llama-batched-bench' };

/** The options of llama.cpp's own build for the natively compiled fallback: nothing but the programs, no downloads. */
const NATIVE_OPTIONS = {
  BUILD_SHARED_LIBS: 'OFF',
  GGML_NATIVE: 'ON',
  LLAMA_OPENSSL: 'OFF',
  LLAMA_BUILD_UI: 'OFF',
  LLAMA_USE_PREBUILT_UI: 'OFF',
  LLAMA_BUILD_APP: 'OFF',
  LLAMA_BUILD_EXAMPLES: 'OFF',
  LLAMA_BUILD_TESTS: 'OFF',
};

/**
 * @param {{ cacheDir?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<{ server: string, batchedBench: string, env: Record<string, string>,
 *   libraries: 'shipped' | 'built' }>} the programs' paths, and what to add to the environment that they run in
 */
export async function ensureLlamaCppPrograms({ cacheDir = defaultCacheDir(), log = () => {} } = {}) {
  const version = pinnedVersion();
  const libraryDir = shippedLibraryDir();
  const programDir = resolve(cacheDir, 'bin');
  const present = await programsPresent(programDir, version, libraryDir);
  if (present) return describe(programDir, present.libraries);

  await requireTools();
  const workDir = resolve(cacheDir, 'work');
  await rm(workDir, { recursive: true, force: true });
  const source = await fetchSource(version, workDir, log);
  const libraries = await buildPrograms({ source, workDir, programDir, libraryDir, version, log });
  await rm(workDir, { recursive: true, force: true });
  return describe(programDir, libraries);
}

function defaultCacheDir() {
  return join(repository, '.cache', 'peers', 'llama-cpp');
}

function describe(programDir, libraries) {
  return {
    server: join(programDir, PROGRAMS.server),
    batchedBench: join(programDir, PROGRAMS.batchedBench),
    env: { LD_LIBRARY_PATH: programDir },
    libraries,
  };
}

/** The version of llama.cpp's platform packages that this repository depends on: the source must be of the same. */
function pinnedVersion() {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const version = manifest.optionalDependencies?.['@node-llama-cpp/linux-x64'];
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
    throw new Error('package.json pins no exact version of @node-llama-cpp/linux-x64');
  }
  return version;
}

/** The folder of the shared libraries that Stowage runs with, or null where no shipped ones can be linked to. */
function shippedLibraryDir() {
  const platform = `linux-${process.arch}`;
  const installed = join(repository, 'node_modules', '@node-llama-cpp', platform, 'bins', platform);
  const dir = process.env.STOWAGE_LLAMA_LIB_DIR ?? installed;
  return process.platform === 'linux' && existsSync(join(dir, 'libllama-common.so')) ? resolve(dir) : null;
}

/** What the last build noted, if the programs are still those of this version and libraries, and start. */
async function programsPresent(programDir, version, libraryDir) {
  const note = join(programDir, 'build.json');
  if (!existsSync(note)) return null;
  const built = JSON.parse(readFileSync(note, 'utf8'));
  if (built.version !== version || built.libraryDir !== libraryDir) return null;
  return (await programsStart(programDir)) ? built : null;
}

async function programsStart(programDir) {
  try {
    const env = { ...process.env, LD_LIBRARY_PATH: programDir };
    await run(join(programDir, PROGRAMS.server), ['--version'], { env });
    await run(join(programDir, PROGRAMS.batchedBench), ['--help'], { env });
    return true;
  } catch {
    return false;
  }
}

async function requireTools() {
  const missing = [];
  for (const tool of Object.keys(DEBIAN_PACKAGES)) {
    await run(tool, ['--version']).catch(() => missing.push(tool));
  }
  if (missing.length === 0) return;
  const packages = missing.map((tool) => DEBIAN_PACKAGES[tool]).join(' ');
  throw new Error(
    `cannot build llama.cpp without ${missing.join(', ')}: install the Debian packages ${packages}`,
  );
}

/** Downloads node-llama-cpp alone, without its dependencies, and checks out the source bundle inside it. */
async function fetchSource(version, workDir, log) {
  log(`fetching node-llama-cpp ${version}`);
  await mkdir(workDir, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', `node-llama-cpp@${version}`], { cwd: workDir });
  const bundle = 'package/llama/gitRelease.bundle';
  await run('tar', ['-xzf', `node-llama-cpp-${version}.tgz`, bundle], { cwd: workDir });
  await run('git', ['clone', '--quiet', bundle, 'source'], { cwd: workDir });
  return join(workDir, 'source');
}

/** Builds with the shipped libraries if that works, else natively; returns which. */
async function buildPrograms(job) {
  if (job.libraryDir !== null) {
    try {
      await buildOnShipped(job);
      return 'shipped';
    } catch (error) {
      job.log(`the shipped libraries cannot be used: ${error.message}`);
    }
  }
  job.log('building llama.cpp with natively compiled libraries; this takes long');
  await buildNatively(job);
  return 'built';
}

async function buildOnShipped(job) {
  job.log(`building ${Object.values(PROGRAMS).join(' and ')} on the libraries in ${job.libraryDir}`);
  const buildDir = join(job.workDir, 'build-shipped');
  const options = { LLAMA_CPP_SOURCE: job.source, SHIPPED_LIBRARIES: job.libraryDir };
  await compile(join(here, 'llama-cpp'), buildDir, options, job.log);
  for (const library of readdirSync(job.libraryDir).filter((name) => name.endsWith('.so'))) {
    await symlink(join(job.libraryDir, library), join(buildDir, 'bin', library));
  }
  await install(job, buildDir, 'shipped');
}

async function buildNatively(job) {
  const buildDir = join(job.workDir, 'build-native');
  await compile(job.source, buildDir, NATIVE_OPTIONS, job.log);
  await install(job, buildDir, 'built');
}

async function compile(source, buildDir, options, log) {
  const definitions = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
  const release = '-DCMAKE_BUILD_TYPE=Release';
  await runLogged('cmake', ['-S', source, '-B', buildDir, '-G', 'Ninja', release, ...definitions], log);
  const targets = Object.values(PROGRAMS);
  const jobs = String(Math.min(2, availableParallelism()));
  await runLogged('cmake', ['--build', buildDir, '--parallel', jobs, '--target', ...targets], log);
}

/** Moves a finished build's programs into place, once they are known to start. */
async function install({ programDir, version, libraryDir }, buildDir, libraries) {
  const built = join(buildDir, 'bin');
  if (!(await programsStart(built))) throw new Error('the programs were built but do not start');
  await writeFile(join(built, 'build.json'), JSON.stringify({ version, libraryDir, libraries }, null, 2));
  await rm(programDir, { recursive: true, force: true });
  await rename(built, programDir);
}

const run = promisify(execFile);

/**
 * Runs a long command at the lowest priority, its output going to the log line by line; a failure tells the last lines.
 */
function runLogged(command, args, log) {
  const child = spawn('nice', ['-n', '19', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines = [];
  const onLine = (line) => {
    log(line);
    lastLines.push(line);
    if (lastLines.length > 20) lastLines.shift();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onLine);
  }
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (code === 0) return done();
      fail(new Error(`${command} ended with ${code ?? signal}:\n${lastLines.join('\n')}`));
    });
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const programs = await ensureLlamaCppPrograms({ log: (line) => console.error(line) });
  console.log(JSON.stringify(programs, null, 2));
}
