/**
 * `npm run simulate -- [--world whole|scaling] [--seeds N] [--from S] [--seed X] [--minutes M]`: runs the whole of
 * Stowage in the simulation of test/simulation/whole, or control alone with what scales in test/simulation/scaling, N
 * seeds from S on, in a process for each core. Shows how far it is; exits 1 at the first seed that breaks a promise,
 * with its number and the command that replays it. `--seed X` runs that one and tells its story.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const usage =
  'usage: npm run simulate -- [--world whole|scaling] [--seeds N] [--from S] [--seed X] [--minutes M]';

/** Virtual minutes of faults in each world, unless another number is asked for. */
const worlds = { whole: 2, scaling: 1 };

/** One seed in so many is run twice, to see that it gives the same. */
const twiceEvery = 20;
/** Between two lines of progress, milliseconds; on a terminal the line is written anew each second. */
const progressMs = process.stdout.isTTY ? 1_000 : 15_000;

function readOptions() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { world: text, seeds: text, from: text, seed: text, minutes: text },
  });
  const world = values.world ?? 'whole';
  if (!(world in worlds)) throw new Error(`--world is ${world}, expected whole or scaling`);
  return {
    world,
    sources: path.join(root, 'test', 'simulation', world),
    outputFolder: path.join(root, 'dist', 'simulation', world),
    seeds: numberOf('seeds', values.seeds ?? '200'),
    from: numberOf('from', values.from ?? '1'),
    seed: values.seed === undefined ? null : numberOf('seed', values.seed),
    minutes: numberOf('minutes', values.minutes ?? String(worlds[world]), false),
  };
}

function numberOf(name, text, isWhole = true) {
  const value = Number(text);
  if (value > 0 && value <= 2 ** 40 && (!isWhole || Number.isInteger(value))) return value;
  throw new Error(`--${name} is ${text}, expected a ${isWhole ? 'whole ' : ''}number above 0`);
}

async function buildSimulation({ sources, outputFolder }) {
  await build({
    entryPoints: [path.join(sources, 'simulate-process.ts'), path.join(sources, 'run-seed.ts')],
    outbase: sources,
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

/** Runs one seed in this process and prints all that happened in it. */
async function tellSeed({ seed, minutes, outputFolder }) {
  const { runSeed } = await import(pathToFileURL(path.join(outputFolder, 'run-seed.js')).href);
  const { story, violation, ...facts } = await runSeed(seed, minutes);
  for (const line of story) console.log(line);
  console.log(JSON.stringify(facts));
  if (violation === null) return console.log(`seed ${seed} keeps every promise`);
  console.log(`seed ${seed}: ${violation}`);
  process.exitCode = 1;
}

/** Runs the seeds in a process for each core; resolves when all have run, or one has failed. */
class Campaign {
  startedAt = performance.now();
  done = 0;
  totals = { requests: 0, controlKills: 0, servingKills: 0, starts: 0, writes: 0, virtualSeconds: 0 };
  children = [];
  failed = null;

  constructor({ seeds, from, minutes, outputFolder }) {
    this.outputFolder = outputFolder;
    this.seeds = seeds;
    this.next = from;
    this.end = from + seeds;
    this.minutes = minutes;
  }

  run() {
    return new Promise((resolve) => {
      this.resolve = resolve;
      for (let core = 0; core < Math.min(availableParallelism(), this.seeds); core++) this.startChild();
    });
  }

  startChild() {
    const child = fork(path.join(this.outputFolder, 'simulate-process.js'), {
      execArgv: ['--enable-source-maps'],
    });
    this.children.push(child);
    child.on('message', (result) => {
      this.take(result);
      this.order(child);
    });
    child.on('exit', (code, signal) => {
      if (this.failed === null && !child.isDismissed) {
        const how = signal ?? `code ${code}`;
        this.finish({ seed: child.seed, violation: `the process that ran it ended with ${how}`, story: [] });
      }
    });
    this.order(child);
  }

  order(child) {
    if (this.failed !== null || this.next >= this.end) {
      child.isDismissed = true;
      return child.disconnect();
    }
    child.seed = this.next++;
    child.send({ seed: child.seed, minutes: this.minutes, isTwice: child.seed % twiceEvery === 0 });
  }

  take(result) {
    this.done++;
    for (const name of Object.keys(this.totals)) this.totals[name] += result[name];
    if (result.violation !== null) this.finish(result);
    else if (this.done === this.seeds) this.finish(null);
  }

  finish(failed) {
    if (this.failed !== null) return;
    this.failed = failed;
    for (const child of failed === null ? [] : this.children) child.kill('SIGKILL');
    this.resolve();
  }

  progress() {
    const seconds = (performance.now() - this.startedAt) / 1000;
    const left =
      this.done === 0 ? '' : `, ${timeText((seconds / this.done) * (this.seeds - this.done))} left`;
    const rate = this.done === 0 ? '' : `, ${(this.done / seconds).toFixed(1)} a second`;
    return `${this.done} of ${this.seeds} seeds in ${timeText(seconds)}${rate}${left}`;
  }

  summary() {
    const { requests, controlKills, servingKills, starts, writes, virtualSeconds } = this.totals;
    return (
      `${this.progress()}\n${(virtualSeconds / 3600).toFixed(1)} simulated hours: ${starts} copies started, ` +
      `${controlKills} kills of control, ${servingKills} of serving, ${requests} requests, ${writes} writes`
    );
  }
}

function timeText(seconds) {
  const whole = Math.round(seconds);
  if (whole < 300) return `${whole} s`;
  return whole < 6000 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}

async function runCampaign(options) {
  const campaign = new Campaign(options);
  const show = () =>
    process.stdout.write(
      `${process.stdout.isTTY ? '\r' : ''}${campaign.progress()}${process.stdout.isTTY ? '   ' : '\n'}`,
    );
  const timer = setInterval(show, progressMs);
  await campaign.run();
  clearInterval(timer);
  console.log(`${process.stdout.isTTY ? '\n' : ''}${campaign.summary()}`);
  if (campaign.failed === null) return console.log('every promise was kept');
  const { seed, violation, story } = campaign.failed;
  const { world } = options;
  const minutes = options.minutes === worlds[world] ? '' : ` --minutes ${options.minutes}`;
  const which = world === 'whole' ? '' : ` --world ${world}`;
  console.log([...story, '', `seed ${seed}: ${violation}`].join('\n'));
  console.log(`replay it: npm run simulate --${which} --seed ${seed}${minutes}`);
  process.exitCode = 1;
}

try {
  const options = readOptions();
  await buildSimulation(options);
  if (options.seed === null) await runCampaign(options);
  else await tellSeed(options);
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
