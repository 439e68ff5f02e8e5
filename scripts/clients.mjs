/** `npm run clients`: boto3 and the AWS CLI, newest of PyPI, into .cache/clients, for test/e2e/clients.test.ts. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), '.cache', 'clients');

function run(program, ...parameters) {
  const { status } = spawnSync(program, parameters, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('python3', '-m', 'venv', folder);
run(path.join(folder, 'bin', 'pip'), 'install', '--quiet', '--upgrade', 'boto3', 'awscli');
run(path.join(folder, 'bin', 'aws'), '--version');
