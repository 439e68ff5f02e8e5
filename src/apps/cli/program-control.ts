/** The commands that speak to the control API or ask why things are as they are. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ExitCode } from './exit-code.js';
import { decimal, wholeNumber, withExample } from './program-parts.js';
import type { Finish, OpenSession } from './program-parts.js';

export function addControlVerbs(program: Command, openSession: OpenSession, finish: Finish): void {
  addPlan(program, openSession, finish);
  addApply(program, openSession, finish);
  addSimulate(program, openSession, finish);
  addGet(program, openSession, finish);
  addDescribe(program, openSession, finish);
  addDelete(program, openSession, finish);
  addScale(program, openSession, finish);
  addExplain(program, openSession, finish);
  addLogs(program, openSession, finish);
  addBill(program, openSession, finish);
}

/** Flags of everything that speaks to the control API; they mean what the AWS tools mean by them. */
function withConnection(command: Command): Command {
  return command
    .option(
      '--endpoint-url <url>',
      'the server (STOWAGE_ENDPOINT_URL, else this machine’s); `aws` = AWS itself',
    )
    .option('--region <name>', 'the region (STOWAGE_REGION, AWS_REGION, else us-east-1)')
    .option('--profile <name>', 'profile of the AWS tools to sign with')
    .option('--data-dir <folder>', 'folder of the keys (STOWAGE_DATA_DIR, else .stowage)');
}

function withFile(command: Command): Command {
  return command
    .option('-f, --file <file>', 'the configuration, - = standard input', 'stowage.yaml')
    .option('--prune', 'delete components of the endpoints that `apply` made and the file no longer has')
    .option('--parallel', 'regions side by side instead of in turn')
    .option('--all', 'list what stays as well');
}

function withConfirmation(command: Command): Command {
  return command
    .option('--confirm <name...>', 'names of live things that may be deleted or shrunk')
    .option('-y, --yes', 'yes to everything')
    .option('--no-wait', 'ask for it and go; exits 8 while it is under way')
    .option('--timeout <seconds>', 'wait this long at most', wholeNumber(1, 86_400), 3_600);
}

function addBill(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('bill')
    .description('whose the time of the accelerators was, and what it cost')
    .option('--since <time>', 'from so long ago until now, such as 90m, 24h or 7d', span, 86_400)
    .addOption(
      new Option('--by <what>', 'who it is divided over')
        .choices(['component', 'key', 'account'])
        .default('component'),
    )
    .action(async (flags) => {
      const { bill } = await import('./bill.js');
      finish(await bill(flags, openSession()));
    });
  withConnection(command);
  withExample(command, 'stowage bill --since 24h --by key');
}

/** Seconds of `90m`, `24h` or `7d`. */
function span(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  const value = seconds === undefined ? 0 : Number(count) * seconds;
  if (value >= 10 && value <= 14 * 86_400) return value;
  throw new InvalidArgumentError(
    'expected a time from 10s to 14d, such as 90m, 24h or 7d: metrics are listed for two weeks',
  );
}

function addPlan(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('plan')
    .description('show what applying a configuration would change, and what that means')
    .option('--detailed-exitcode', 'exit 2 when something would change')
    .action(async (flags) => {
      const { plan } = await import('./apply.js');
      finish(await plan(flags, openSession()));
    });
  command
    .option('--trace <file>', 'forecast the change on a trace, beside what is live')
    .option(
      '--service-profile <file...>',
      'service times for the forecast: FILE for all, COMPONENT=FILE for one',
    );
  withTrace(withConnection(withFile(command)));
  withExample(command, 'stowage plan -f stowage.yaml', 'stowage plan -f stowage.yaml --trace requests.jsonl');
}

function addApply(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('apply')
    .description('make what a configuration says so; again, and nothing changes')
    .action(async (flags) => {
      const { apply } = await import('./apply.js');
      finish(await apply(flags, openSession()));
    });
  withConnection(withConfirmation(withFile(command)));
  withExample(
    command,
    'stowage apply -f stowage.yaml',
    'stowage apply --endpoint-url aws --profile production',
  );
}

/** Flags of what replays a trace. */
function withTrace(command: Command): Command {
  return command
    .option(
      '--spread <law>',
      'whom requests are for that name no component: zipf:EXPONENT, uniform, or NAME=WEIGHT,…',
      'zipf:1.0',
    )
    .option('--scale <share>', 'each request counts with this probability', decimal(0.000_001, 1), 1)
    .option('--speed <factor>', 'the trace runs this many times faster', decimal(0.001, 100_000), 1)
    .option('--duration <seconds>', 'replay only so much of it', decimal(0.1, 31_536_000))
    .option('--seed <number>', 'same seed, same forecast', wholeNumber(0, 4_294_967_295), 1)
    .option(
      '--objective <ms>',
      'p95 of the time to first token that policies are to hold',
      decimal(1, 3_600_000),
      2_000,
    )
    .option(
      '--target <requests>',
      'open requests per copy that target tracking keeps; else half of what a copy computes at once',
      decimal(0.01, 100_000),
    );
}

function addSimulate(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('simulate')
    .description('replay a trace against a configuration by the real decisions: hours, money, waiting times')
    .requiredOption('--trace <file>', 'Azure’s CSV, Mooncake’s JSON lines, or a request log; .gz too')
    .option('-f, --file <file>', 'the configuration, - = standard input', 'stowage.yaml')
    .option('--compare', 'all policies side by side')
    .option('--html <file>', 'write a page with charts')
    .option(
      '--service-profile <file...>',
      'service times, from `stowage bench --service-profile`: FILE for all, COMPONENT=FILE for one',
    )
    .option('--data-dir <folder>', 'folder whose catalogue counts (STOWAGE_DATA_DIR, else .stowage)')
    .action(async (flags) => {
      const { simulate } = await import('./simulate.js');
      finish(await simulate(flags, openSession()));
    });
  withTrace(command);
  withExample(
    command,
    'stowage simulate --trace azure-llm-code-2023.csv -f stowage.yaml --compare',
    'stowage simulate --trace requests.jsonl --service-profile service-profile.json --html forecast.html',
  );
}

function addGet(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('get')
    .description('list components, endpoints, endpoint-configs, models or what scales')
    .argument('<target>', 'a kind, or kind/NAME; `scaling` = what scales, how far, and what it did last')
    .argument('[name]', 'only this one')
    .option('-w, --watch', 'print again whenever something changes, until Ctrl-C')
    .action(async (target: string, name: string | undefined, flags) => {
      const { get } = await import('./get.js');
      finish(await get(target, name ?? null, flags, openSession()));
    });
  withConnection(command);
  withExample(
    command,
    'stowage get components',
    'stowage get endpoints -o wide --watch',
    'stowage get scaling',
  );
}

function addDescribe(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('describe')
    .description('all that the control API says of one thing')
    .argument('<target>', 'component/NAME, endpoint/NAME, endpoint-config/NAME or model/NAME')
    .action(async (target: string, flags) => {
      const { describe } = await import('./get.js');
      finish(await describe(target, flags, openSession()));
    });
  withConnection(command);
  withExample(command, 'stowage describe component/inline');
}

function addDelete(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('delete')
    .description('delete one thing')
    .argument('<target>', 'component/NAME, endpoint/NAME, endpoint-config/NAME or model/NAME')
    .action(async (target: string, flags) => {
      const { remove } = await import('./change.js');
      finish(await remove(target, flags, openSession()));
    });
  withConnection(withConfirmation(command));
  withExample(command, 'stowage delete component/inline --confirm=inline');
}

function addScale(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('scale')
    .description('change how many copies of a component run, or between which bounds they follow its load')
    .argument('<target>', 'component/NAME')
    .option('--copies <number>', 'copies from now on', wholeNumber(0, 10_000))
    .option('--min <number>', 'fewest copies that scaling leaves', wholeNumber(0, 10_000))
    .option('--max <number>', 'most copies that scaling makes', wholeNumber(0, 10_000))
    .action(async (target: string, flags) => {
      const { scale } = await import('./change.js');
      finish(await scale(target, flags, openSession()));
    });
  withConnection(withConfirmation(command));
  withExample(
    command,
    'stowage scale component/inline --copies 2',
    'stowage scale component/inline --min 0 --max 4',
  );
}

/** Flags of what is asked of a Stowage itself. */
function withServer(command: Command): Command {
  return command
    .option('--endpoint-url <url>', 'the server (STOWAGE_ENDPOINT_URL, else this machine’s)')
    .option('--api-key <key>', 'bearer key (STOWAGE_API_KEY, else the data folder’s)')
    .option('--region <name>', 'the region (STOWAGE_REGION, else the server’s home region)')
    .option('--data-dir <folder>', 'folder of the keys (STOWAGE_DATA_DIR, else .stowage)');
}

function addExplain(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('explain')
    .description('why a component or an endpoint is as it is, or what an error’s code means')
    .argument('<target>', 'component/NAME, endpoint/NAME, NAME of a component, or a code such as CAP-101')
    .option(
      '--routing',
      'how the requests of a component find their copies: recorded choices, scores, sessions',
    )
    .action(async (target: string, flags) => {
      const { explain } = await import('./explain.js');
      await explain(target, flags, openSession());
      finish(ExitCode.Ok);
    });
  withServer(command);
  withExample(
    command,
    'stowage explain component/inline',
    'stowage explain component/inline --routing',
    'stowage explain CAP-101',
  );
}

function addLogs(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('logs')
    .description('what a copy, or every copy of a component, printed last')
    .argument('<target>', 'a copy as `stowage explain` names it, or component/NAME')
    .option('-n, --lines <number>', 'lines of each copy', wholeNumber(1, 10_000), 100)
    .option('--all', 'lines of the level debug as well')
    .option('--follow', 'print new lines as they come, until Ctrl-C')
    .action(async (target: string, flags) => {
      const { logs } = await import('./logs.js');
      finish(await logs(target, flags, openSession()));
    });
  withServer(command);
  withExample(command, 'stowage logs component/inline --follow');
}
