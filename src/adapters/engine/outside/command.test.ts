import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { usualProgram } from '../../../contracts/outside-engine.js';
import { EngineKind } from '../../../domain/component.js';
import { type CommandFacts, commandOf, mountOf, writeVariables } from './command.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const name of ['llama-server', 'podman']) {
  writeFileSync(path.join(folder, name), '#!/bin/sh\n');
  chmodSync(path.join(folder, name), 0o755);
}

const facts: CommandFacts = {
  ...{ model: '/library/model', name: 'stowage-chat-1-1', host: '127.0.0.1', port: 5000 },
  mount: mountOf('/library/model', true, 'model'),
  container: { image: 'models/tiny:1', environment: {} },
  variablesFile: '/tmp/variables',
};
const noEntry = (words: string) =>
  expect.objectContaining({ code: 'HOST-608', message: expect.stringContaining(words) as string }) as Error;

it('a program is found by its usual name, else the error says what is missing', () => {
  const usual = commandOf(EngineKind.LlamaServer, usualProgram, facts, folder);
  expect(usual).toEqual({ words: [path.join(folder, 'llama-server')], cleanup: [], namesModel: false });
  expect(() => commandOf(EngineKind.VLlm, usualProgram, facts, folder)).toThrow(
    noEntry('`vllm` is not there'),
  );
});

it('the settings’ words are taken, and words in braces stand for what the copy has', () => {
  const program = path.join(folder, 'llama-server');
  const settings = {
    ...usualProgram,
    command: [program, '{model}', '--at={host}:{port}', '{"json": 1}'],
    arguments: ['--name', '{name}'],
  };
  const { words, namesModel } = commandOf(EngineKind.VLlm, settings, facts, '');
  const name = ['--name', 'stowage-chat-1-1'];
  expect(words).toEqual([program, '/library/model', '--at=127.0.0.1:5000', '{"json": 1}', ...name]);
  expect(namesModel).toBe(true);
});

it('an allowed image is run as SageMaker runs it, and removed afterwards', () => {
  const settings = { ...usualProgram, images: ['models/*'] };
  const { words, cleanup } = commandOf(EngineKind.Container, settings, facts, folder);
  expect(words.slice(1).join(' ')).toBe(
    'run --rm --name stowage-chat-1-1 --publish 127.0.0.1:5000:8080 --volume /library/model:/opt/ml/model:ro --env-file /tmp/variables models/tiny:1 serve',
  );
  expect(cleanup).toEqual([path.join(folder, 'podman'), 'rm', '--force', 'stowage-chat-1-1']);
});

it.each([
  [[], 'models/tiny:1'],
  [['models/tiny:2'], 'models/tiny:1'],
  [['*'], '--privileged'],
  [['*'], 'a b'],
  [['*'], null],
])('of the images %j, %j is refused', (images, image) => {
  const asked = { ...facts, container: { image, environment: {} } };
  expect(() => commandOf(EngineKind.Container, { ...usualProgram, images }, asked, folder)).toThrow(
    noEntry('image'),
  );
});

it('a container’s variables are in a file that only its user reads, and one of several lines is refused', () => {
  const environment = { SM_WORKERS: '2', TOKEN: 'a b=c', 'bad name': 'x' };
  const { file, remove } = writeVariables({ image: null, environment });
  expect(readFileSync(file!, 'utf8')).toBe('SM_WORKERS=2\nTOKEN=a b=c\n');
  expect(statSync(file!).mode & 0o777).toBe(0o600);
  remove();
  expect(existsSync(file!)).toBe(false);
  expect(() => writeVariables({ image: null, environment: { A: 'b\nC=d' } })).toThrow(
    expect.objectContaining({ code: 'REQ-212' }) as Error,
  );
});
