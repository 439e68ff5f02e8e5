/**
 * `npm run bench -- NAME [--quick] [--only PART] [--json FILE]`: builds the product and the benches, then runs one.
 *
 * The benches are TypeScript: bench/main.ts and the programs that benches start beside it (`*-process.ts`) go
 * through esbuild into dist/bench. Packages stay in node_modules.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const benchFolder = path.join(root, 'bench');
const outputFolder = path.join(root, 'dist', 'bench');

async function buildBenches() {
  const programs = readdirSync(benchFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('-process.ts'))
    .map((file) => path.join(benchFolder, file));
  await build({
    entryPoints: [path.join(benchFolder, 'main.ts'), ...programs],
    outbase: benchFolder,
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
}

const product = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (product.status !== 0) process.exit(1); // it has said why
await buildBenches();
const { runBench } = await import(pathToFileURL(path.join(outputFolder, 'main.js')).href);
process.exitCode = await runBench(process.argv.slice(2), root);
