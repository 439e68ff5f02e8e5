/**
 * Which words start a program: those of the server's settings, or its usual name where that is on the PATH. Callers
 * choose an engine and an image, and the image only among those that the settings allow.
 */
import { accessSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { OutsideProgramSettings } from '../../../contracts/outside-engine.js';
import { EngineKind, type ContainerImage } from '../../../domain/component.js';
import { StowageError } from '../../../domain/errors.js';

/** What the words in braces stand for. */
export interface CommandFacts {
  /** Absolute path of the model's file or folder. */
  readonly model: string;
  /** Unique among everything that runs on this machine. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Where a model stands inside a container. */
  readonly mount: string;
  readonly container: ContainerImage | null;
  /** The file with the container's variables, as `writeVariables` wrote it; null = it has none. */
  readonly variablesFile: string | null;
}

export interface Command {
  readonly words: readonly string[];
  readonly cleanup: readonly string[];
  /** The words name the model themselves. */
  readonly namesModel: boolean;
}

/** The usual words. Of SGLang the interpreter is looked for, of the others the program itself. */
const usualWords: Readonly<Record<string, readonly string[]>> = {
  [EngineKind.LlamaServer]: ['llama-server'],
  [EngineKind.VLlm]: ['vllm', 'serve', '{model}'],
  [EngineKind.SgLang]: ['python3', '-m', 'sglang.launch_server'],
  [EngineKind.TensorRtLlm]: ['trtllm-serve', '{model}'],
};
/** Programs that run containers, the first that is there. */
const containerPrograms = ['docker', 'podman', 'nerdctl'] as const;
const containerPort = 8080;
const containerModelFolder = '/opt/ml/model';
/** An image's name; what begins with a hyphen would be an argument. */
const imagePattern = /^[A-Za-z0-9][\w.\-/:@]{0,511}$/;
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;

/**
 * The words of a copy's command. `path` is where programs are looked for. Throws HOST-608, which says what is missing.
 */
export function commandOf(
  engine: string,
  settings: OutsideProgramSettings,
  facts: CommandFacts,
  path: string,
): Command {
  const template = settings.command ?? usualCommand(engine, settings, facts, path);
  const values: Readonly<Record<string, string>> = {
    ...{ model: facts.model, mount: facts.mount, name: facts.name, host: facts.host },
    ...{ port: String(facts.port), image: facts.container?.image ?? '' },
  };
  if (template.some((word) => word.includes('{image}'))) checkImage(engine, settings, facts);
  const filled = template.flatMap((word) =>
    word === '{environment}' ? variableWords(facts.variablesFile) : [fill(word, values)],
  );
  const [program = '', ...others] = filled;
  const found = findProgram(program, path);
  if (found === null) throw missing(engine, `\`${basename(program)}\` is not there`);
  const cleanup = settings.cleanup ?? usualCleanup(engine, settings, found);
  return {
    words: [found, ...others, ...settings.arguments.map((word) => fill(word, values))],
    cleanup: cleanup.map((word) => fill(word, values)),
    namesModel: template.some((word) => word.includes('{model}')),
  };
}

/** SageMaker starts a container with the one word `serve`, its model below /opt/ml/model and port 8080. */
function usualCommand(
  engine: string,
  settings: OutsideProgramSettings,
  facts: CommandFacts,
  path: string,
): readonly string[] {
  const words = usualWords[engine];
  if (words !== undefined) return words;
  checkImage(engine, settings, facts);
  const program = containerPrograms.find((name) => findProgram(name, path) !== null);
  if (program === undefined) throw missing(engine, `none of ${containerPrograms.join(', ')} is there`);
  return [
    ...[program, 'run', '--rm', '--name', '{name}', '--publish', `{host}:{port}:${containerPort}`],
    ...['--volume', `{mount}:ro`, '{environment}', '{image}', 'serve'],
  ];
}

function usualCleanup(
  engine: string,
  { command }: OutsideProgramSettings,
  program: string,
): readonly string[] {
  if (engine !== EngineKind.Container || command !== null) return [];
  return [program, 'rm', '--force', '{name}'];
}

/** `host:container` of the model's place, as `--volume` takes it. */
export function mountOf(model: string, isFolder: boolean, name: string): string {
  return isFolder ? `${model}:${containerModelFolder}` : `${model}:${containerModelFolder}/${name}`;
}

/** Values may be secrets: on the command line everybody on this machine would see them. */
function variableWords(file: string | null): readonly string[] {
  return file === null ? [] : ['--env-file', file];
}

/**
 * A container's variables in a file that only this user reads; `remove` when the container has begun. Not in the
 * environment of the program that starts containers: to that, some names are commands. Throws REQ-212 for a value of
 * several lines.
 */
export function writeVariables(container: ContainerImage | null): {
  readonly file: string | null;
  readonly remove: () => void;
} {
  const variables = Object.entries(container?.environment ?? {}).filter(([name]) =>
    variablePattern.test(name),
  );
  if (variables.length === 0) return { file: null, remove: () => undefined };
  for (const [name, value] of variables) {
    if (!/[\r\n\0]/.test(value)) continue;
    throw StowageError.of('REQ-212', {
      field: `Environment.${name}`,
      problem: 'its value has several lines',
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'stowage-variables-'));
  const file = join(folder, 'variables');
  writeFileSync(file, variables.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function checkImage(engine: string, { images }: OutsideProgramSettings, { container }: CommandFacts): void {
  const image = container?.image ?? null;
  if (image === null)
    throw missing(engine, 'the model names no image', 'give the model’s container an `Image`');
  const isAllowed = images.some((one) =>
    one.endsWith('*') ? image.startsWith(one.slice(0, -1)) : image === one,
  );
  if (isAllowed && imagePattern.test(image)) return;
  const suggestion = `add it to \`engines: { container: { images: [...] } }\` in settings.yaml, and restart the server`;
  throw missing(
    engine,
    `the image \`${image.slice(0, 200)}\` is not among those that may run here`,
    suggestion,
  );
}

function missing(
  engine: string,
  problem: string,
  suggestion = `install it, or say how it is started: \`engines: { ${engine}: { command: [...] } }\` in settings.yaml`,
): StowageError {
  return StowageError.of('HOST-608', { engine, problem, suggestion });
}

/** Words in braces that mean nothing stay as they are: arguments may be JSON. */
function fill(word: string, values: Readonly<Record<string, string>>): string {
  return word.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The absolute path of a program; null when it is not there or cannot be run. */
export function findProgram(program: string, path: string): string | null {
  if (program === '') return null;
  if (program.includes('/')) return isExecutable(program) ? program : null;
  const folder = path.split(delimiter).find((one) => one !== '' && isExecutable(join(one, program)));
  return folder === undefined ? null : join(folder, program);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
