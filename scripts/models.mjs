/**
 * `npm run models -- COMMAND …`: the tools of the models (`--help` names them). models/main.ts and the programs that it
 * starts beside it (`*-process.ts`) go through esbuild into dist/models; packages stay in node_modules.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modelsFolder = path.join(root, 'models');
const outputFolder = path.join(root, 'dist', 'models');

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
const { runModels } = await import(pathToFileURL(path.join(outputFolder, 'main.js')).href);
process.exitCode = await runModels(process.argv.slice(2), root);
