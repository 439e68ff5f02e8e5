/**
 * `npm run models -- COMMAND …`: the tools of the models (`--help` names them). models/main.ts and the programs that it
 * starts beside it (`*-process.ts`) go through esbuild into a folder of this process alone under dist/models, so that two
 * commands at a time do not touch each other; packages stay in node_modules.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modelsFolder = path.join(root, 'models');
const bundles = path.join(root, 'dist', 'models');
const outputFolder = path.join(bundles, String(process.pid));

/** What commands that were killed have left, and whatever else is not a running command's. */
function removeLeftovers() {
  for (const name of readdirSync(bundles)) {
    if (!isRunning(Number(name))) rmSync(path.join(bundles, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's, but there
  }
}

mkdirSync(bundles, { recursive: true });
removeLeftovers();

const programs = readdirSync(modelsFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('-process.ts'))
  .map((file) => path.join(modelsFolder, file));
await build({
  entryPoints: [path.join(modelsFolder, 'main.ts'), ...programs],
  outbase: modelsFolder,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  outdir: outputFolder,
  absWorkingDir: root,
  logLevel: 'warning',
});
try {
  const { runModels } = await import(pathToFileURL(path.join(outputFolder, 'main.js')).href);
  process.exitCode = await runModels(process.argv.slice(2), root, outputFolder);
} finally {
  rmSync(outputFolder, { recursive: true, force: true });
}
