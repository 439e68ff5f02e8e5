import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { protocolVersion } from '../../contracts/worker-protocol.js';
import { openLibrary } from '../open-library.js';
import { readDataFolderSettings } from '../settings-file.js';
import { addModel, removeModel } from './models.js';
import type { Session } from './session.js';

const sound = path.join(import.meta.dirname, '../../../models/apex-draft-Q8_0.gguf');

let folder: string;
let said: string[];
let session: Session;
const put = (name: string, content: string | Uint8Array) => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'models-'));
  said = [];
  const say = (text: string) => void said.push(text);
  const terminal = {
    ...{ isDebug: false, isLive: false, columns: () => 80, write: say, writeError: say },
    ...{ paint: (_: unknown, text: string) => text, paintData: (_: unknown, text: string) => text },
    ...{ say, warn: say, fail: () => expect.unreachable() },
  };
  session = { terminal, format: null, environment: {}, mayAsk: false, readInput: async () => '' };
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['an empty file', 'MODEL-021', 'a.gguf', () => ''],
  ['a file of another kind', 'MODEL-021', 'a.GGUF', () => 'something else entirely'],
  ['half a file', 'MODEL-022', 'a.gguf', () => readFileSync(sound).subarray(0, 400_000)],
  ['half a file of another name', 'MODEL-022', 'model', () => readFileSync(sound).subarray(0, 400_000)],
])('%s is not added', async (_what, code, name, content) => {
  const file = put(name, content());
  await expect(addModel(file, { dataDir: folder }, session)).rejects.toMatchObject({ code });
});

it('a file that is not there is told without a word of a configuration', async () => {
  const adding = addModel(path.join(folder, 'no.gguf'), { dataDir: folder }, session);
  await expect(adding).rejects.toMatchObject({
    code: 'MODEL-020',
    mend: expect.not.stringContaining('configuration') as string,
  });
});

it('what a copy uses is removed only after a yes', async () => {
  const flags = { dataDir: folder };
  await addModel(sound, { ...flags, name: 'chat' }, session);
  const log = { warn: () => undefined };
  const library = openLibrary(readDataFolderSettings(folder).library, {}, log);
  const source = { url: 's3://stowage/chat', form: 'object' } as const;
  const used = await library.acquire(source, () => undefined, new AbortController().signal);
  mkdirSync(path.join(folder, 'run'));
  const run = { pid: process.pid, assignment: { copy: { id: 'inline-1', incarnation: 1 } } };
  put('run/w-0a.json', JSON.stringify({ version: 1, protocol: protocolVersion, ...run }));
  await expect(removeModel('chat', flags, session)).rejects.toMatchObject({
    code: 'USE-640',
    message: expect.stringContaining(`model/chat: inline-1 (process ${process.pid}) uses it`) as string,
    mend: expect.stringContaining('`stowage models remove chat --confirm=chat`') as string,
  });
  await removeModel('chat', { ...flags, confirm: ['chat'] }, session);
  expect(said.at(-1)).toContain('chat is removed; its bytes stay while inline-1');
  used.release();
});
