/** A process that is to run: started again when it ends, given up when it cannot start, ended when it is told to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { KeptProcess } from '../../src/apps/server/kept-process.js';
import { rememberingLog } from './quiet-log.js';

const folder = mkdtempSync(join(tmpdir(), 'kept-'));
const waitMsMax = 10_000;

/** What it does is the setting it is given. */
const program = join(folder, 'program.mjs');
writeFileSync(
  program,
  `
  const tell = (message) => process.send(message);
  let conduct;
  const error = { code: 'HOST-604', message: 'no', mend: 'do' };
  process.on('message', ({ type, settings }) => {
    conduct ??= settings;
    if (type === 'close') return conduct === 'stubborn' ? undefined : process.exit(0);
    if (settings === 'failing') { tell({ type: 'failed', error }); setTimeout(() => process.exit(1), 5); }
    else if (settings === 'ending') process.exit(7);
    else tell({ type: 'started', port: settings });
  });
  process.on('disconnect', () => process.exit(0));
  `,
);
afterAll(() => rmSync(folder, { recursive: true }));

let log: ReturnType<typeof rememberingLog>;
let pids: (number | null)[];
let kept: KeptProcess<unknown>;
beforeEach(() => {
  log = rememberingLog();
  pids = [];
});
afterEach(() => kept.close(true, 100));

function keep(settings: (port: number | null) => unknown): KeptProcess<unknown> {
  const onProcess = (pid: number | null) => void pids.push(pid);
  kept = new KeptProcess({
    ...{ name: 'test', program, label: folder, settings, clock: systemClock, log, onProcess },
  });
  return kept;
}

async function until(isSo: () => boolean): Promise<void> {
  const end = systemClock.now() + waitMsMax;
  while (!isSo()) {
    if (systemClock.now() > end) throw new Error(`still not so: ${JSON.stringify(pids)}`);
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
  }
}
const living = () => pids.at(-1) ?? null;

it('says the port of its first start, and is told it at each later one', async () => {
  const asked: (number | null)[] = [];
  expect(await keep((port) => (asked.push(port), 4711)).start()).toBe(4711);
  const first = living()!;
  process.kill(first, 'SIGKILL');
  await until(() => living() !== null && living() !== first);
  expect(asked).toEqual([null, 4711]);
  expect(log.lines).toMatchObject([{ level: 'error', facts: { how: 'SIGKILL', pauseMs: 0 } }]);
});

it.each([
  ['failing', { code: 'HOST-604' }],
  ['ending', { message: expect.stringMatching(/ended before it started: code 7/) as string }],
])('a first start that is %s is not tried again', async (conduct, error) => {
  await expect(keep(() => conduct).start()).rejects.toMatchObject(error);
  await until(() => living() === null);
  expect(pids).toHaveLength(2);
});

it('a later start that fails is tried again, with longer and longer pauses', async () => {
  let isBroken = false;
  await keep(() => (isBroken ? 'ending' : 1)).start();
  isBroken = true;
  process.kill(living()!, 'SIGKILL');
  await until(() => log.lines.length >= 4);
  isBroken = false;
  await until(() => living() !== null && log.lines.length >= 4);
  expect(log.lines.slice(0, 4).map(({ facts }) => facts['pauseMs'])).toEqual([0, 100, 200, 400]);
});

it('ends when it is told to, and is not started again', async () => {
  await keep(() => 1).start();
  await kept.close(false, waitMsMax);
  expect(living()).toBeNull();
  await kept.close(false, waitMsMax);
  expect(log.lines).toEqual([]);
});

it('is killed when it does not end in time', async () => {
  await keep(() => 'stubborn').start();
  const startedAt = systemClock.now();
  await kept.close(false, 50);
  expect(living()).toBeNull();
  expect(systemClock.now() - startedAt).toBeGreaterThanOrEqual(45);
});
