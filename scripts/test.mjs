/**
 * `npm test`: the guards, the build, then every test. The very last line is the totals, alone:
 * `N passed, N failed, N skipped`; each guard of `npm run check` counts as one test. Exits 1 when
 * anything failed or the limit passed.
 *
 * Nothing may hang it: when the limit passes, the test processes are ended and that is one more failure.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './check.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const resultsFile = path.join(root, '.cache', 'test-results.json');
const testMsMax = 25 * 60 * 1000;
const startedAt = performance.now();
const totals = { passed: 0, failed: 0, skipped: 0 };

/** Runs a program in a process group of its own, so that its children end with it. */
function runProgram(commandArguments) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, commandArguments, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const endGroup = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // the group is gone already
      }
    };
    const interrupt = () => {
      endGroup();
      process.exit(130);
    };
    const limit = setTimeout(
      () => {
        console.log(`the limit of ${testMsMax / 60_000} minutes passed; ending the tests`);
        endGroup();
      },
      testMsMax - (performance.now() - startedAt),
    );
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.on('error', () => resolve(1));
    child.on('exit', (status) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      endGroup(); // what the tests left running
      resolve(status ?? 1);
    });
  });
}

/** Adds what vitest counted; a file that could not even be loaded is one failure. */
function countResults() {
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  for (const file of results.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) totals.failed += 1;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') totals.passed += 1;
      else if (status === 'failed') totals.failed += 1;
      else totals.skipped += 1;
    }
  }
}

async function runTests() {
  mkdirSync(path.dirname(resultsFile), { recursive: true });
  rmSync(resultsFile, { force: true });
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
  const status = await runProgram([vitest, 'run', ...reporters]);
  const failedBefore = totals.failed;
  try {
    countResults();
  } catch (error) {
    console.log(`no results from vitest: ${error.message}`);
  }
  if (status !== 0 && totals.failed === failedBefore) totals.failed += 1; // an error outside of any test
}

for (const { passed } of await runChecks()) totals[passed ? 'passed' : 'failed'] += 1;
if ((await runProgram([path.join(root, 'scripts', 'build.mjs')])) === 0) await runTests();
else totals.failed += 1;

if (totals.failed > 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
