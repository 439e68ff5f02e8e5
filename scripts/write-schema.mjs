/**
 * `node scripts/write-schema.mjs`: writes schema/stowage.schema.json, which editors complete and check
 * `stowage.yaml` with, from the one source in src/api/configuration/schema.ts. A test fails when the file
 * is not what this would write.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bundled = await build({
  entryPoints: [path.join(root, 'src', 'api', 'configuration', 'schema.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  absWorkingDir: root,
  logLevel: 'warning',
});
const code = bundled.outputFiles[0]?.text ?? '';
const { endpointJsonSchema } = await import(
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
);
const file = path.join(root, 'schema', 'stowage.schema.json');
const style = { ...(await resolveConfig(file)), filepath: file };
await writeFile(file, await format(JSON.stringify(endpointJsonSchema()), style));
