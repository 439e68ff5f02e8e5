/**
 * `npm run check [-- NAME...]`: the guards of the house. Each is one line, `ok` or `FAILED`, with its
 * seconds; a failed one shows what it said. Exits 1 when any failed.
 *
 * `runChecks` is the same for scripts/test.mjs, which counts each guard as one test.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** A guard that takes longer than this is ended and has failed. */
const checkMsMax = 5 * 60 * 1000;
const outputBytesMax = 1024 * 1024;
const searchPath = `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`;

/** The longest first, so that two at a time end together. */
const checks = [
  { name: 'lint', says: 'eslint, with types', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', says: 'tsc', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'unused', says: 'knip', command: ['knip', '--no-progress', '--no-config-hints'] },
  {
    name: 'imports',
    says: 'dependency-cruiser',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', 'src'],
  },
  { name: 'format', says: 'prettier', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'pure-rooms', says: 'tsc without Node’s types', command: ['tsc', '-p', 'tsconfig.pure.json'] },
  { name: 'tidy', says: 'names, marks, paths', command: ['node', 'scripts/tidy.mjs'] },
];

/** Runs the named checks, or all of them; resolves to one `{name, passed, seconds, output}` each. */
export async function runChecks(names = [], report = printResult) {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) throw new Error(`no check named ${unknown.join(', ')}`);
  const waiting = checks.filter((check) => names.length === 0 || names.includes(check.name));
  const results = [];
  const runNext = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(check);
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runNext));
  return results;
}

async function runCheck({ name, says, command }) {
  const startedAt = performance.now();
  const [program, ...commandArguments] = command;
  const { status, output } = await runProgram(program, commandArguments);
  const seconds = (performance.now() - startedAt) / 1000;
  return { name, says, passed: status === 0, seconds, output };
}

function runProgram(program, commandArguments) {
  return new Promise((resolve) => {
    const child = spawn(program, commandArguments, {
      cwd: root,
      env: { ...process.env, PATH: searchPath, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: checkMsMax,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const keep = (data) => {
      if (output.length < outputBytesMax) output += data;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) =>
      resolve({ status: null, output: `cannot run ${program}: ${error.message}` }),
    );
    child.on('close', (status, signal) =>
      resolve({ status, output: signal === null ? output : `${output}\nended by ${signal}` }),
    );
  });
}

function printResult({ name, says, passed, seconds, output }) {
  console.log(
    `${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s  ${says}`,
  );
  if (!passed) console.log(output.trimEnd().replace(/^/gm, '    '));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await runChecks(process.argv.slice(2));
  if (results.some((result) => !result.passed)) process.exitCode = 1;
}
