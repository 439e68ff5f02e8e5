/**
 * The commands and their flags, as the help and the completion show them. What a command does is loaded
 * when it runs, so that `--help` answers at once.
 */
import { Argument, Command, Option } from 'commander';
import packageFacts from '../../../package.json' with { type: 'json' };
import { ExitCode } from './exit-code.js';
import { addControlVerbs } from './program-control.js';
import { decimal, wholeNumber, withExample } from './program-parts.js';
import type { Finish, OpenSession } from './program-parts.js';

/** Builds the whole program; `finish` is told each command's exit code. */
export function buildProgram(openSession: OpenSession, finish: Finish): Command {
  const program = new Command('stowage')
    .description(
      'Serves many language models from few accelerators, behind OpenAI’s and SageMaker’s addresses.',
    )
    .option('--plain', 'no colours, no moving lines')
    .option('--no-input', 'never ask anything')
    .option('--debug', 'show stack traces')
    .addOption(
      new Option('-o, --output <format>', 'how data is printed').choices([
        'table',
        'wide',
        'json',
        'yaml',
        'name',
      ]),
    )
    .version(packageFacts.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .usage('VERB [kind/]NAME [flags]');
  withExample(program, 'stowage serve');
  addServe(program, openSession, finish);
  addControlVerbs(program, openSession, finish);
  addInvoke(program, openSession, finish);
  addBench(program, openSession, finish);
  addKeys(program, openSession, finish);
  addAccounts(program, openSession, finish);
  addModels(program, openSession, finish);
  addDoctor(program, openSession, finish);
  addCompletion(program, openSession, finish);
  tellGlobalFlags(program);
  return program;
}

/** The help of every verb ends with the flags that they all take. */
function tellGlobalFlags(command: Command): void {
  for (const verb of command.commands) {
    verb.addHelpText(
      'after',
      '\nFlags of every verb: -o FORMAT, --plain, --no-input, --debug (`stowage --help`)',
    );
    tellGlobalFlags(verb);
  }
}

function addServe(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('serve')
    .description('serve until Ctrl-C what was asked for, and what a configuration adds')
    .option('-f, --file <file>', 'a configuration that is applied once the server runs, - = standard input')
    .option('--port <number>', 'port to listen on, 0 = any free one (STOWAGE_PORT, else 8080)')
    .option('--host <address>', 'address to listen on; others than loopback need TLS', '127.0.0.1')
    .option('--data-dir <folder>', 'folder of keys, state and models (STOWAGE_DATA_DIR, else .stowage)')
    .option('--region <name>', 'what callers mean that name no region (STOWAGE_REGION, else us-east-1)')
    .option('--request-log <file>', 'a line for each request, without texts: a trace for `stowage simulate`')
    .option('--tls-cert <file>', 'certificate, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .addOption(
      new Option('--log-level <level>', 'what the server logs')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .action(async (flags) => {
      const { serve } = await import('./serve.js');
      finish(await serve(flags, openSession()));
    });
  withExample(command, 'stowage serve -f stowage.yaml --port 8080');
}

function addInvoke(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('invoke')
    .description('send one prompt and print the answer as it comes')
    .argument('<target>', 'component/NAME, ENDPOINT/NAME or NAME')
    .option('-p, --prompt <text>', 'the prompt; else it is read from -f or standard input')
    .option('-f, --file <file>', 'a file with the prompt, - = standard input')
    .option('--suffix <text>', 'text after the gap, for fill-in-the-middle')
    .option('--max-tokens <number>', 'tokens to generate at most', wholeNumber(1, 1_000_000))
    .option('--temperature <number>', '0 = always the likeliest token', decimal(0, 100), 0)
    .option('--seed <number>', 'same seed, same answer', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--no-stream', 'print the answer when it is complete')
    .option('--chat', 'send the prompt as a user’s message')
    .action(async (target: string, flags) => {
      const { invoke } = await import('./invoke.js');
      finish(await invoke(target, flags, openSession()));
    });
  withCallOptions(command);
  withExample(command, "stowage invoke component/blockgen -p 'A method which gets the cases by priority'");
}

/** Flags of everything that calls a server. */
function withCallOptions(command: Command): void {
  command
    .addOption(
      new Option('--api <wire>', 'which addresses to call')
        .choices(['openai', 'sagemaker'])
        .default('openai'),
    )
    .option('--endpoint-url <url>', 'the server (STOWAGE_ENDPOINT_URL, else this machine’s)')
    .option('--endpoint <name>', 'the endpoint, where the target does not name it')
    .option('--api-key <key>', 'bearer key (STOWAGE_API_KEY, else the data folder’s)')
    .option('--data-dir <folder>', 'folder of the keys (STOWAGE_DATA_DIR, else .stowage)')
    .option(
      '--sign',
      'sign with AWS_ACCESS_KEY_ID, else the data folder’s access key, instead of a bearer key',
    )
    .option('--region <name>', 'the region, which means --sign (AWS_REGION, else us-east-1)');
}

function addBench(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('bench')
    .description('put load on a server and measure first token, gaps and throughput')
    .argument('[target]', 'component/NAME, ENDPOINT/NAME, or what the server calls its model')
    .option('--model <name>', 'the model as the server calls it, instead of a target')
    .option('-c, --clients <number>', 'calls open at once', wholeNumber(1, 10_000), 1)
    .option('-n, --requests <number>', 'calls in all (64, unless --duration)', wholeNumber(1, 10_000_000))
    .option('--duration <seconds>', 'begin no new call after this long', decimal(0.1, 86_400))
    .option('--prompts <file>', 'one prompt per line: JSON with prompt (and suffix) or inputs, or plain text')
    .option('--trace <file>', 'CSV of arrival times and token counts (Azure’s LLM traces)')
    .option('--speed <factor>', 'replay a trace this many times faster', decimal(0.001, 100_000), 1)
    .option('--trace-rows <number>', 'use only the first rows of a trace', wholeNumber(1, 1_000_000))
    .option(
      '--prompt-tokens <number>',
      'length of made-up prompts; of a trace’s, the most',
      wholeNumber(1, 1_000_000),
    )
    .option('--max-tokens <number>', 'tokens to generate at most', wholeNumber(1, 1_000_000))
    .option('--temperature <number>', '0 = always the likeliest token', decimal(0, 100), 0)
    .option('--seed <number>', 'same seed, same answers', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--ignore-eos', 'generate up to the limit, past the model’s own end')
    .option('--warmup <number>', 'calls before anything is measured', wholeNumber(0, 10_000), 1)
    .option('--no-stream', 'ask for whole answers')
    .option(
      '--service-profile <file>',
      'measure one copy with 1 to --clients calls, and write its service profile',
    )
    .option('--cold-start <ms>', 'of --service-profile: how long a start takes', decimal(0, 3_600_000))
    .option('--copy-memory <mib>', 'of --service-profile: what a copy holds', decimal(0, 10_000_000))
    .option('--chat', 'send prompts as a user’s message')
    .action(async (target: string | undefined, flags) => {
      const { bench } = await import('./bench.js');
      finish(await bench(target, flags, openSession()));
    });
  withCallOptions(command);
  withExample(
    command,
    'stowage bench component/inline --clients 16 --requests 256',
    'stowage bench --endpoint-url http://127.0.0.1:8000 --model NAME --prompts prompts.jsonl -o json',
  );
}

function addKeys(program: Command, openSession: OpenSession, finish: Finish): void {
  const keys = program
    .command('keys')
    .description('list, create, set, rotate and revoke the keys of a data folder');
  withExample(keys, 'stowage keys list', 'stowage keys create --name ci --days 30 --weight 2');
  const verb = (name: 'list' | 'create' | 'set' | 'rotate' | 'revoke', description: string) =>
    keys
      .command(name)
      .description(description)
      .option('--data-dir <folder>', 'folder of the keys (STOWAGE_DATA_DIR, else .stowage)');
  verb('list', 'show the keys, without their secrets').action(async (flags) => {
    const { listKeys } = await import('./keys.js');
    finish(listKeys(flags, openSession()));
  });
  withKeyTerms(verb('create', 'make a key; its secrets are shown once'))
    .addOption(
      new Option('--kind <kind>', 'a secret to send, or an AWS access key')
        .choices(['bearer', 'access'])
        .default('bearer'),
    )
    .option('--name <text>', 'what it is for')
    .option(
      '--action <pattern...>',
      'what it may do, such as sagemaker:InvokeEndpoint*; everything when left out',
    )
    .option('--days <number>', 'ends after this many days', wholeNumber(1, 36_500))
    .option('--account <digits>', 'whose things it may see and change, twelve digits (000000000000)')
    .action(async (flags) => {
      const { createKey } = await import('./keys.js');
      finish(createKey(flags, openSession()));
    });
  withKeyTerms(
    verb('set', 'change what a key gets where there is not enough for all; counts within a second'),
  )
    .argument('<key>', 'its id')
    .action(async (key: string, flags) => {
      const { setKey } = await import('./keys.js');
      finish(setKey(key, flags, openSession()));
    });
  verb('rotate', 'give a key new secrets; the old ones stop working')
    .argument('<key>', 'its id')
    .action(async (key: string, flags) => {
      const { rotateKey } = await import('./keys.js');
      finish(rotateKey(key, flags, openSession()));
    });
  verb('revoke', 'end a key')
    .argument('<key>', 'its id')
    .action(async (key: string, flags) => {
      const { revokeKey } = await import('./keys.js');
      finish(revokeKey(key, flags, openSession()));
    });
}

/** What requests get where there is not enough for all. */
function withKeyTerms(command: Command): Command {
  return withShare(command)
    .option(
      '--priority <number>',
      'of requests that ask for none, -100 to 100; higher goes first (0)',
      integer,
    )
    .option('--max-priority <number>', 'the highest that requests may ask for (0, or --priority)', integer);
}

function withShare(command: Command): Command {
  return command
    .option('--weight <number>', 'share beside others that wait, 0.01 to 1000 (1)', decimal(0.01, 1000))
    .option(
      '--tokens-per-minute <number>',
      'budget of prompts and answers together; none = no budget',
      (text) => (text === 'none' ? text : wholeNumber(1, 1_000_000_000)(text)),
    );
}

function integer(text: string): number {
  return text.startsWith('-') ? -wholeNumber(0, 100)(text.slice(1)) : wholeNumber(0, 100)(text);
}

function addAccounts(program: Command, openSession: OpenSession, finish: Finish): void {
  const accounts = program
    .command('accounts')
    .description('list and set what the keys of an account get together');
  withExample(accounts, 'stowage accounts set 123456789012 --weight 2 --tokens-per-minute 600000');
  const dataDir = ['--data-dir <folder>', 'folder of the keys (STOWAGE_DATA_DIR, else .stowage)'] as const;
  accounts
    .command('list')
    .description('show the accounts that keys have, or that were set')
    .option(...dataDir)
    .action(async (flags) => {
      const { listAccounts } = await import('./accounts.js');
      finish(listAccounts(flags, openSession()));
    });
  withShare(accounts.command('set').description('change an account; counts within a second'))
    .argument('<account>', 'twelve digits')
    .option(...dataDir)
    .action(async (account: string, flags) => {
      const { setAccount } = await import('./accounts.js');
      finish(setAccount(account, flags, openSession()));
    });
}

function addModels(program: Command, openSession: OpenSession, finish: Finish): void {
  const models = program
    .command('models')
    .description('add, list, remove and verify the model files of a data folder');
  withExample(models, 'stowage models add ./chat-Q8_0.gguf --name chat', 'stowage models list');
  const verb = (name: 'add' | 'list' | 'remove' | 'verify', description: string) =>
    models
      .command(name)
      .description(description)
      .option('--data-dir <folder>', 'folder of keys, state and models (STOWAGE_DATA_DIR, else .stowage)');
  verb('add', 'put a file into the library; it is then s3://stowage/NAME')
    .argument('<file>', 'GGUF, ONNX or safetensors, or a tar.gz of them')
    .option('--name <name>', 'what it is called there; else the file’s name')
    .action(async (file: string, flags) => {
      const { addModel } = await import('./models.js');
      finish(await addModel(file, flags, openSession()));
    });
  verb('list', 'show what is there, how large it is and who uses it').action(async (flags) => {
    const { listModels } = await import('./models.js');
    finish(listModels(flags, openSession()));
  });
  verb('remove', 'take a model out of the library')
    .argument('<name>', 'its name, address or SHA-256')
    .option('--confirm <name...>', 'the name, although copies that run use it')
    .option('--yes', 'the same, without naming it')
    .action(async (name: string, flags) => {
      const { removeModel } = await import('./models.js');
      finish(await removeModel(name, flags, openSession()));
    });
  verb('verify', 'compare every byte with its SHA-256')
    .argument('[name]', 'only this one')
    .action(async (name: string | undefined, flags) => {
      const { verifyModels } = await import('./models.js');
      finish(await verifyModels(name, flags, openSession()));
    });
}

function addDoctor(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('doctor')
    .description('what this machine can do, what is wrong, what to install')
    .option('--port <number>', 'the port to look at (STOWAGE_PORT, else 8080)')
    .option('--data-dir <folder>', 'the data folder to look at (STOWAGE_DATA_DIR, else .stowage)')
    .action(async (flags) => {
      const { doctor } = await import('./doctor.js');
      finish(await doctor(flags, openSession()));
    });
  withExample(command, 'stowage doctor');
}

function addCompletion(program: Command, openSession: OpenSession, finish: Finish): void {
  const command = program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('./completion.js');
      openSession().terminal.write(completionScript(shell, program));
      finish(ExitCode.Ok);
    });
  withExample(command, 'source <(stowage completion bash)');
  program
    .command('complete-names', { hidden: true })
    .description('live names for the completion scripts')
    .action(async () => {
      const { completeNames } = await import('./complete-names.js');
      await completeNames(openSession());
      finish(ExitCode.Ok);
    });
}
