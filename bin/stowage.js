#!/usr/bin/env node
/** Starts the built CLI, or says how to build it. */
import { existsSync } from 'node:fs';

const built = new URL('../dist/apps/cli.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('stowage is not built yet\nmend:  npm run build\n');
  process.exitCode = 1;
}
