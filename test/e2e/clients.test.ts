/**
 * The same life of an endpoint through boto3 and through the AWS CLI. They come from PyPI: `npm run clients` installs
 * them; where they are not, these tests skip and say so.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFile } from './apex-prompts.js';
import { addToLibrary, credentialsOf, region } from './control-client.js';
import { repository, startStowage, until } from './stowage-process.js';

const programs = path.join(repository, '.cache', 'clients', 'bin');
const isInstalled = existsSync(path.join(programs, 'aws'));
const why = isInstalled ? '' : ' (not installed: npm run clients)';

describe(`clients from PyPI${why}`, () => {
  it.skipIf(!isInstalled).each([
    ['boto3', [path.join(programs, 'python'), 'test/clients/scenario.py']],
    ['the AWS CLI', ['bash', 'test/clients/scenario.sh']],
  ])('%s lives through it', async (_, command) => {
    const server = await startStowage({ yaml: null });
    await addToLibrary(server, modelFile('apex-blockgen-Q8_0.gguf'), 'target');
    await addToLibrary(server, modelFile('apex-draft-Q8_0.gguf'), 'draft');
    const { accessKeyId, secretAccessKey } = credentialsOf(server.dataFolder);
    const said = await run(command, {
      PATH: `${programs}:${process.env['PATH']}`,
      STOWAGE_URL: server.url,
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    console.log(said.text);
    expect(said.code, said.text).toBe(0);
    await until(() => server.workers().length === 0, 'no worker to be left');
  });
});

function run(
  [program, ...parameters]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(program!, parameters, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}
