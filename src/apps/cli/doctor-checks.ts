/**
 * The single looks that `stowage doctor` takes at this machine. Each gives findings; a problem is an error
 * of the table, so it comes with its mend.
 */
import type { EngineDevice } from '../../adapters/engine/llama-cpp/library.js';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { asStowageError, StowageError } from '../../domain/errors.js';

export interface Finding {
  readonly name: string;
  /** What was seen. */
  readonly detail: string;
  /** null = as it must be. */
  readonly problem: StowageError | null;
}

const nodeMajorMin = 20;
const nodeMinorMin = 19;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNew = major > nodeMajorMin || (major === nodeMajorMin && minor >= nodeMinorMin);
  return {
    name: 'node',
    detail: version,
    problem: isNew
      ? null
      : StowageError.of('HOST-601', {
          library: 'Node.js',
          problem: `this is ${version}, at least ${nodeMajorMin}.${nodeMinorMin} is needed`,
          suggestion: `install Node.js ${nodeMajorMin}.${nodeMinorMin} or newer`,
        }),
  };
}

/** Processor, cores that may be used, vector instructions the engine has code for. */
export function describeProcessor(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const known = ['avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_tile', 'asimd', 'sve'];
  const flags = new Set(processorFlags());
  const useful = known.filter((flag) => flags.has(flag));
  const detail = `${model}, ${availableParallelism()} cores${useful.length === 0 ? '' : `, ${useful.join(' ')}`}`;
  return { name: 'processor', detail, problem: null };
}

function processorFlags(): string[] {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  } catch {
    return [];
  }
}

/** Memory of the machine, and of the container if it has less. */
export function describeMemory(): Finding {
  const limit = process.constrainedMemory();
  const total = limit !== undefined && limit > 0 && limit < totalmem() ? limit : totalmem();
  const detail = `${gibibytes(total)} GiB in all, ${gibibytes(Math.min(total, freemem()))} GiB free`;
  return { name: 'memory', detail, problem: null };
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** The engine's library: found, loadable, of the right version; then what it can compute on. */
export async function checkEngine(): Promise<Finding[]> {
  try {
    const { describeEngineLibrary } = await import('../../adapters/engine/llama-cpp/library.js');
    const { version, devices, unusableAccelerators } = describeEngineLibrary();
    return [
      { name: 'engine', detail: `llama.cpp ${version}`, problem: null },
      ...devices.map((device) => ({ name: 'device', detail: deviceText(device), problem: null })),
      ...unusableAccelerators.map((packageName) => ({
        name: 'accelerator',
        detail: packageName,
        problem: StowageError.of('HOST-601', {
          library: packageName,
          problem: 'it is installed and cannot be loaded',
          suggestion: `install this machine’s graphics driver, or \`npm uninstall ${packageName}\``,
        }),
      })),
    ];
  } catch (thrown) {
    return [{ name: 'engine', detail: 'llama.cpp', problem: asStowageError(thrown) }];
  }
}

function deviceText(device: EngineDevice): string {
  const { name, description, kind, memoryBytesTotal, memoryBytesFree } = device;
  const isOwn = kind === 'gpu' && memoryBytesTotal > 0;
  const memory = isOwn
    ? `, ${gibibytes(memoryBytesTotal)} GiB in all, ${gibibytes(memoryBytesFree)} GiB free`
    : '';
  return `${name}: ${description} (${kind})${memory}`;
}

/** A graphics card without its package computes nothing; says what to install. */
export async function checkAccelerators(): Promise<Finding[]> {
  const { enginePackageVersion } = await import('../../adapters/engine/llama-cpp/library-files.js');
  const install = (name: string) => `npm install --no-save @node-llama-cpp/${name}@${enginePackageVersion}`;
  const card = graphicsCard();
  if (card === null || process.platform !== 'linux' || process.arch !== 'x64') return [];
  const wanted = card === 'nvidia' ? 'linux-x64-cuda' : 'linux-x64-vulkan';
  const isInstalled = ['linux-x64-cuda', 'linux-x64-vulkan'].some((name) =>
    existsSync(join(packageRoot(), 'node_modules', '@node-llama-cpp', name)),
  );
  if (isInstalled) return [];
  return [
    {
      name: 'accelerator',
      detail: `${card} graphics`,
      problem: StowageError.of('HOST-601', {
        library: `@node-llama-cpp/${wanted}`,
        problem: 'this machine has a graphics card, and the package that uses it is not installed',
        suggestion: install(wanted),
      }),
    },
  ];
}

function graphicsCard(): 'nvidia' | 'other' | null {
  if (existsSync('/proc/driver/nvidia/version')) return 'nvidia';
  return existsSync('/dev/dri/renderD128') ? 'other' : null;
}

/** The folder that holds this program's node_modules. */
function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The data folder can be made or used, and others cannot read it. */
export function checkDataFolder(folder: string, shownAs: string): Finding {
  const finding = (detail: string, problem: StowageError | null) => ({
    name: 'data folder',
    detail,
    problem,
  });
  if (!existsSync(folder)) {
    const parent = nearestExisting(folder);
    return isWritable(parent)
      ? finding(`${shownAs}, made at the first start`, null)
      : finding(
          shownAs,
          unusable('it cannot be made there', 'name another folder with --data-dir or STOWAGE_DATA_DIR'),
        );
  }
  const facts = statSync(folder);
  if (!facts.isDirectory()) {
    return finding(
      shownAs,
      unusable('it is a file', 'name another folder with --data-dir or STOWAGE_DATA_DIR'),
    );
  }
  if (!isWritable(folder)) {
    return finding(shownAs, unusable('this user may not write there', 'run as the folder’s owner'));
  }
  const open = ['keys.json', 'seal.key', 'api-key', 'credentials'].filter((file) =>
    isReadableByOthers(join(folder, file)),
  );
  if (open.length > 0) {
    const mend = `chmod 600 ${open.map((file) => `${shownAs}/${file}`).join(' ')}`;
    return finding(shownAs, unusable(`other users can read ${open.join(', ')}`, mend));
  }
  return finding(shownAs, null);
}

function unusable(problem: string, suggestion: string): StowageError {
  return StowageError.of('HOST-605', { problem, suggestion });
}

function nearestExisting(folder: string): string {
  let candidate = dirname(folder);
  while (!existsSync(candidate) && dirname(candidate) !== candidate) candidate = dirname(candidate);
  return candidate;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isReadableByOthers(file: string): boolean {
  return process.platform !== 'win32' && existsSync(file) && (statSync(file).mode & 0o077) !== 0;
}

/** Whether the port can be listened on now, or a server of ours already does. */
export async function checkPort(port: number): Promise<Finding> {
  const name = 'port';
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)));
  });
  if (code === null) return { name, detail: `${port} is free`, problem: null };
  const inUse = code === 'EADDRINUSE';
  if (inUse && (await isServedByUs(port))) {
    return { name, detail: `${port}, where a server of Stowage answers`, problem: null };
  }
  return {
    name,
    detail: String(port),
    problem: StowageError.of('HOST-604', {
      address: `127.0.0.1:${port}`,
      problem: inUse ? 'another program listens there' : code,
      suggestion: 'choose another with --port or STOWAGE_PORT',
    }),
  };
}

/** How long a server on this machine may take to say that it lives, milliseconds. */
const healthMsMax = 1_000;

function isServedByUs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        if (body.length < 1000) body += text;
      });
      response.on('end', () => resolve(/^\{"status":"(ok|starting)"/.test(body)));
    });
    const timer = setTimeout(() => request.destroy(), healthMsMax);
    request.on('error', () => resolve(false));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    request.end();
  });
}
