/**
 * `npm run build [-- NAME...]`: bundles the composition roots of src/apps into dist/apps, all or the named.
 *
 * Our own TypeScript and JSON go into the bundle, what they share into chunks; packages stay in
 * node_modules, so native libraries are found where npm put them. Says nothing when all is well; prints
 * the errors and exits 1 when not.
 */
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outputFolder = path.join(root, 'dist', 'apps');
/** One program each; a program that is not written yet is left out. */
const programs = ['cli', 'server', 'control-main', 'serving-main', 'worker-main', 'tensor-main', 'simulate'];

/** A server that runs may still load its own chunks lazily, so only old leftovers go. */
const leftoverAgeMsMax = 60 * 60 * 1000;

async function removeLeftovers(fresh) {
  for (const name of await readdir(outputFolder)) {
    const file = path.join(outputFolder, name);
    if (fresh.has(name) || Date.now() - (await stat(file)).mtimeMs < leftoverAgeMsMax) continue;
    await rm(file, { force: true });
  }
}

const named = process.argv.slice(2);
const entryPoints = (named.length > 0 ? named : programs)
  .map((name) => path.join(root, 'src', 'apps', `${name}.ts`))
  .filter((file) => existsSync(file));

if (entryPoints.length > 0) {
  try {
    const result = await build({
      entryPoints,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: true,
      metafile: true,
      outdir: outputFolder,
      absWorkingDir: root,
      logLevel: 'warning',
    });
    if (named.length === 0)
      await removeLeftovers(new Set(Object.keys(result.metafile.outputs).map((file) => path.basename(file))));
  } catch {
    process.exitCode = 1; // esbuild has said why
  }
}
