/**
 * `node scripts/write-wire-coverage.mjs`: writes docs/wire-coverage.md from the service models and the tables of coverage
 * beside them. A test fails when the page is not what this would write.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bundled = await build({
  entryPoints: [path.join(root, 'test', 'wire', 'coverage-page.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  absWorkingDir: root,
  logLevel: 'warning',
});
const code = bundled.outputFiles[0]?.text ?? '';
const { renderCoveragePage } = await import(
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
);
await writeFile(path.join(root, 'docs', 'wire-coverage.md'), renderCoveragePage());
