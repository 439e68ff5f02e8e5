/**
 * The one table of errors. Everything that can be refused or fail, on any wire, in any log and on any
 * terminal, is a row here: whose fault it is, whether trying again can help, what happened and the mend.
 *
 * Each dialect maps the whole table; a missing row is a compile error there. `docs/errors.md` is checked
 * against this table by a test. Texts never carry paths of the server, secrets or stack traces.
 */

/** Whose fault an error is; dialects derive their status from it. */
export const Fault = {
  /** The caller sent something that can never work. */
  Caller: 'caller',
  /** The caller is not known or not allowed. */
  Access: 'access',
  /** The caller named something that is not there. */
  Missing: 'missing',
  /** There is no room or no ready copy at this moment. */
  Capacity: 'capacity',
  /** The model's process broke while it answered. */
  Model: 'model',
  /** The host, its libraries or its files are not as they must be. */
  Host: 'host',
  /** A defect of Stowage itself. */
  Stowage: 'stowage',
} as const;
export type Fault = (typeof Fault)[keyof typeof Fault];

interface ErrorRow {
  readonly fault: Fault;
  readonly retryable: boolean;
  /** What happened; `{name}` is replaced by the parameter of that name. */
  readonly message: string;
  /** What to do about it: a command or an edit that works when pasted. */
  readonly mend: string;
}

const rows = {
  'FILE-010': {
    fault: Fault.Caller,
    retryable: false,
    message: '{file}: {problem}',
    mend: 'correct the YAML at the place shown',
  },
  'FILE-011': {
    fault: Fault.Caller,
    retryable: false,
    message: 'unknown key `{key}`',
    mend: '{suggestion}',
  },
  'FILE-012': {
    fault: Fault.Caller,
    retryable: false,
    message: '`{key}`: {problem}',
    mend: '{suggestion}',
  },
  'FILE-013': {
    fault: Fault.Caller,
    retryable: false,
    message: 'cannot read {file}: {problem}',
    mend: 'name the file with `-f FILE`, or create it (`stowage serve --help` shows one)',
  },
  'MODEL-020': {
    fault: Fault.Host,
    retryable: false,
    message: 'model file {file} cannot be read: {problem}',
    mend: 'check the path and that the file may be read, or restore it',
  },
  'MODEL-021': {
    fault: Fault.Host,
    retryable: false,
    message: 'model file {file} is not a GGUF file: {problem}',
    mend: 'use a GGUF file; other formats are converted by llama.cpp’s convert_hf_to_gguf.py',
  },
  'MODEL-022': {
    fault: Fault.Host,
    retryable: false,
    message: 'model file {file} is damaged: {problem}',
    mend: 'fetch the file again and compare its SHA-256',
  },
  'MODEL-023': {
    fault: Fault.Host,
    retryable: false,
    message: 'model file {file} has the architecture `{architecture}`, which the engine does not know',
    mend: 'use a model of a known architecture, or a newer engine library (`stowage doctor` shows its version)',
  },
  'MODEL-024': {
    fault: Fault.Host,
    retryable: false,
    message: 'the engine could not load {file}: {problem}',
    mend: 'stowage doctor',
  },
  'MODEL-025': {
    fault: Fault.Host,
    retryable: false,
    message: 'model file {file} has SHA-256 {actual}, expected {expected}',
    mend: 'fetch the file again, or correct `sha256:` in the configuration',
  },
  'MODEL-030': {
    fault: Fault.Host,
    retryable: true,
    message: 'model artifact {url} cannot be fetched: {problem}',
    mend: '{suggestion}',
  },
  'MODEL-031': {
    fault: Fault.Host,
    retryable: false,
    message: '{file} is a Python pickle, which runs code when it is loaded',
    mend: 'convert the model to GGUF, ONNX or safetensors',
  },
  'MODEL-032': {
    fault: Fault.Host,
    retryable: false,
    message: 'archive {url} is not safe to unpack: {problem}',
    mend: 'make an archive of plain files with relative paths (`tar czf model.tar.gz -C FOLDER .`)',
  },
  'MODEL-033': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'no room for model artifact {url}: {needed} MiB are needed, {free} MiB can be used',
    mend: 'make room on the disk, raise `library.size` in the settings, or remove models (`stowage models remove`)',
  },
  'MODEL-034': {
    fault: Fault.Caller,
    retryable: false,
    message: 'model address {url} is refused: {problem}',
    mend: '{suggestion}',
  },
  'MODEL-035': {
    fault: Fault.Host,
    retryable: false,
    message: 'artifact {url} has no model that can be served: {problem}',
    mend: 'name a model file (GGUF, or ONNX with `engine: onnxruntime`), or a folder or archive with one in it',
  },
  'MODEL-036': {
    fault: Fault.Host,
    retryable: true,
    message: 'fetching {url} took longer than {seconds} s',
    mend: 'raise ModelDataDownloadTimeoutInSeconds, or fetch it before: `stowage models add`',
  },
  'CAP-101': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'the queue of `{component}` is full: {waiting} requests wait, job_queue_size is {limit}',
    mend: 'try again after the time in Retry-After, or raise `job_queue_size` or `copies`',
  },
  'CAP-102': {
    fault: Fault.Capacity,
    retryable: true,
    message: '`{component}` needs {needed}; the largest free block is {free}',
    mend: 'lower `resources` or `copies`, or stop another component',
  },
  'CAP-103': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'too many requests are open: {open}, the limit is {limit}',
    mend: 'close idle streams, or try again after the time in Retry-After',
  },
  'CAP-104': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'too many bytes of request bodies are held: the limit is {limit}',
    mend: 'send smaller bodies, or try again after the time in Retry-After',
  },
  'CAP-105': {
    fault: Fault.Host,
    retryable: false,
    message: '`{component}` would need about {needed} MiB of memory, there are {limit} MiB for it',
    mend: 'raise `resources.memory`, or lower `max_rolling_batch_size` or `max_model_len`',
  },
  'CAP-106': {
    fault: Fault.Capacity,
    retryable: true,
    message:
      'There is not enough hardware resources on the instances for this endpoint to create a copy of the inference component. {details}',
    mend: 'lower what a copy requires or the number of copies, or give the variant more or larger instances',
  },
  'CAP-107': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'Unable to provision {count} more {type}: {problem}',
    mend: 'use another instance type or fewer instances, or edit instance-types.yaml',
  },
  'CAP-108': {
    fault: Fault.Capacity,
    retryable: true,
    message: '`{component}` needs {needed} MiB of memory, {free} MiB are free on {host} at this moment',
    mend: 'end another program or component, or lower `memory`, `max_rolling_batch_size` or `max_model_len`',
  },
  'CAP-112': {
    fault: Fault.Capacity,
    retryable: true,
    message:
      '`{component}` has {open} open sessions of {limit} and key {key} has {own} of them: a key gets no more of them than are free',
    mend: 'close sessions that are done with (`requestType: CLOSE`), or lower `sessions_expiration`',
  },
  'CAP-110': {
    fault: Fault.Capacity,
    retryable: true,
    message:
      'the queue of `{component}` is full ({limit} requests), and key {key} held more than its share of it: its newest request gave its place to another caller’s',
    mend: 'try again after the time in Retry-After, send fewer requests at once, or raise `job_queue_size` or `copies`',
  },
  'CTX-201': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the prompt is empty',
    mend: 'send at least one character of prompt',
  },
  'CTX-202': {
    fault: Fault.Caller,
    retryable: false,
    message: '{tokens} prompt tokens > {limit}, not run',
    mend: 'shorten the prompt, or raise `max_model_len`',
  },
  'REQ-210': {
    fault: Fault.Caller,
    retryable: false,
    message: '{problem}',
    mend: 'correct the field `{field}`',
  },
  'REQ-211': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the body is larger than {limit} bytes',
    mend: 'send a smaller body',
  },
  'REQ-212': {
    fault: Fault.Caller,
    retryable: false,
    message: '`{field}` is not supported: {problem}',
    mend: 'leave `{field}` out',
  },
  'REQ-213': {
    fault: Fault.Caller,
    retryable: false,
    message: '`{component}` cannot take {what}: {problem}',
    mend: 'send `prompt`, or give the component a `prompt_template`',
  },
  'REQ-214': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the body is not JSON: {problem}',
    mend: 'send a JSON object',
  },
  'REQ-215': {
    fault: Fault.Caller,
    retryable: false,
    message: '{method} is not answered at this address',
    mend: 'use {allowed}',
  },
  'REQ-216': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the model’s program refuses the request ({status}): {problem}',
    mend: 'correct the request; what that program takes is in its own documentation',
  },
  'REQ-217': {
    fault: Fault.Caller,
    retryable: false,
    message: '`{component}` does not {what}: {problem}',
    mend: '{suggestion}',
  },
  'RUN-301': {
    fault: Fault.Model,
    retryable: true,
    message: 'copy {copy} exited: {reason}',
    mend: 'it restarts by itself; the server’s log has its last lines',
  },
  'RUN-302': {
    fault: Fault.Model,
    retryable: true,
    message: 'copy {copy} used {used} MiB of memory, its limit is {limit} MiB',
    mend: 'raise `resources.memory`, or lower `max_rolling_batch_size` or `max_model_len`',
  },
  'RUN-303': {
    fault: Fault.Model,
    retryable: true,
    message: 'copy {copy} made no progress for {seconds} s',
    mend: 'it is replaced by itself; the server’s log says what it was doing',
  },
  'RUN-304': {
    fault: Fault.Model,
    retryable: true,
    message: 'copy {copy} did not start: {reason}',
    mend: 'stowage doctor',
  },
  'RUN-305': {
    fault: Fault.Model,
    retryable: false,
    message: 'the request was interrupted {times} times in a row without getting any further',
    mend: 'do not send this request again before the server’s log shows why its copies died',
  },
  'RUN-306': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'the request did not finish within {seconds} s',
    mend: 'ask for fewer tokens, or raise `predict_timeout`',
  },
  'RUN-307': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the reader took nothing for {seconds} s while output was waiting',
    mend: 'read the stream faster',
  },
  'RUN-308': {
    fault: Fault.Model,
    retryable: true,
    message: 'the engine failed: {reason}',
    mend: 'try again; if it stays, `stowage doctor`',
  },
  'RUN-309': {
    fault: Fault.Caller,
    retryable: false,
    message: 'the caller ended the request',
    mend: 'send it again if the answer is still wanted',
  },
  'RUN-310': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'the control plane is restarting',
    mend: 'repeat the call in a moment; inference goes on meanwhile',
  },
  'RUN-311': {
    fault: Fault.Model,
    retryable: true,
    message: 'copy {copy} was not ready within {seconds} s ({limit})',
    mend: 'raise {limit}, or see what it does: `stowage logs {copy}`',
  },
  'RUN-312': {
    fault: Fault.Model,
    retryable: true,
    message: 'the answer broke off: the program that computed it ended, and no other can go on with it',
    mend: 'send the request again; `stowage logs` of the copy has the program’s last lines',
  },
  'RUN-313': {
    fault: Fault.Model,
    retryable: false,
    message: 'the session’s copy `{copy}` is gone, and with it what its container kept of the session',
    mend: 'open a new session: send the header X-Amzn-SageMaker-Session-Id with NEW_SESSION',
  },
  'KEY-400': {
    fault: Fault.Access,
    retryable: false,
    message: 'no credentials: {problem}',
    mend: 'send `Authorization: Bearer KEY`, or sign the request with an access key (`stowage keys list`)',
  },
  'KEY-401': {
    fault: Fault.Access,
    retryable: false,
    message: 'key {key} expired on {when}',
    mend: 'stowage keys rotate {key}',
  },
  'KEY-402': {
    fault: Fault.Access,
    retryable: false,
    message: 'the key is not known here',
    mend: 'stowage keys list',
  },
  'KEY-403': {
    fault: Fault.Access,
    retryable: false,
    message: 'key {key} may not {action} on {resource}',
    mend: 'use a key that is allowed to (`stowage keys list`)',
  },
  'KEY-404': {
    fault: Fault.Access,
    retryable: false,
    message: 'the signature does not match: {problem}',
    mend: 'check the secret access key, the region and the clock of the caller',
  },
  'KEY-405': {
    fault: Fault.Access,
    retryable: false,
    message: 'the signature’s date {date} is {minutes} minutes away from the server’s clock',
    mend: 'set the caller’s clock',
  },
  'KEY-406': {
    fault: Fault.Access,
    retryable: false,
    message: 'the signature is incomplete: {problem}',
    mend: 'sign with a current AWS SDK',
  },
  'NAME-404': {
    fault: Fault.Missing,
    retryable: false,
    message: 'no component `{name}`',
    mend: '{suggestion}',
  },
  'NAME-405': {
    fault: Fault.Missing,
    retryable: false,
    message: 'no endpoint `{name}`',
    mend: '{suggestion}',
  },
  'NAME-406': {
    fault: Fault.Missing,
    retryable: false,
    message: 'nothing is served at {path}',
    mend: 'see the list of addresses in the README',
  },
  'NAME-407': {
    fault: Fault.Caller,
    retryable: false,
    message: 'endpoint `{endpoint}` has several components: {components}',
    mend: 'name one: the header X-Amzn-SageMaker-Inference-Component, or `model` in the body',
  },
  'NAME-410': {
    fault: Fault.Missing,
    retryable: false,
    message: 'Could not find {kind} "{arn}".',
    mend: 'check the name, the region and the account (`stowage get {kind}`)',
  },
  'NAME-411': {
    fault: Fault.Caller,
    retryable: false,
    message: 'Cannot create already existing {kind} "{arn}".',
    mend: 'choose another name, or delete or update the one there is',
  },
  'NAME-412': {
    fault: Fault.Caller,
    retryable: false,
    message: 'Variant "{variant}" not found in endpoint "{endpoint}"; it has: {variants}.',
    mend: 'name one of its variants',
  },
  'NAME-413': {
    fault: Fault.Missing,
    retryable: false,
    message: 'There is no scalable target of the ARN "{arn}".',
    mend: 'take the ARN from DescribeScalableTargets (`stowage get scaling -o json`)',
  },
  'NAME-415': {
    fault: Fault.Caller,
    retryable: false,
    message: '`{component}` has no open session of that id',
    mend: 'its time was over, or it was closed: open one with NEW_SESSION',
  },
  'STATE-700': {
    fault: Fault.Caller,
    retryable: true,
    message: 'Cannot {verb} {kind} "{arn}" while it is {state}.',
    mend: 'wait until it is done (`stowage get {kind} --watch`), then repeat the call',
  },
  'STATE-701': {
    fault: Fault.Stowage,
    retryable: true,
    message: '{key} was changed in between (revision {actual}, expected {expected})',
    mend: 'repeat the call',
  },
  'STATE-702': {
    fault: Fault.Host,
    retryable: true,
    message: 'the state cannot be written: {problem}',
    mend: 'make room on the disk of the data folder and check its permissions, then repeat the call',
  },
  'STATE-703': {
    fault: Fault.Caller,
    retryable: false,
    message: 'Cannot delete {kind} "{arn}": {users}.',
    mend: 'delete or update what uses it first',
  },
  'STATE-704': {
    fault: Fault.Host,
    retryable: false,
    message: 'the state file is of version {actual}, this program knows versions up to {known}',
    mend: 'run the newer Stowage that wrote it, or restore the copy made before the upgrade',
  },
  'STATE-705': {
    fault: Fault.Model,
    retryable: false,
    message: 'the deployment was rolled back: {problem}',
    mend: 'mend what it says and update again; the previous version serves meanwhile',
  },
  'LIMIT-710': {
    fault: Fault.Caller,
    retryable: false,
    message: "The account-level service limit '{limit}' is {max}. {problem}",
    mend: 'delete what is not needed, or raise the limit',
  },
  'LIMIT-711': {
    fault: Fault.Caller,
    retryable: false,
    message: '{problem}',
    mend: 'begin the listing again without NextToken',
  },
  'LIMIT-720': {
    fault: Fault.Caller,
    retryable: true,
    message:
      'the budget of {owner} is {limit} tokens a minute: {remaining} are left, the request may take {tokens}',
    mend: 'try again after the time in Retry-After, ask for fewer tokens, or raise the budget (`stowage keys set`, `stowage accounts set`)',
  },
  'COLD-501': {
    fault: Fault.Capacity,
    retryable: true,
    message: '`{component}` is at zero copies',
    mend: 'stowage scale component/{component} --copies 1',
  },
  'COLD-502': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'no copy of `{component}` had room within {seconds} s',
    mend: 'try again after the time in Retry-After; the server’s log says why no copy is ready',
  },
  'COLD-503': {
    fault: Fault.Capacity,
    retryable: true,
    message: 'the server is shutting down',
    mend: 'try again at another address or in a moment',
  },
  'COLD-504': {
    fault: Fault.Capacity,
    retryable: true,
    message:
      'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress ' +
      '(if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.',
    mend: 'try again in a moment, or leave out X-Stowage-No-Capacity and zero_capacity to wait for a copy',
  },
  'HOST-601': {
    fault: Fault.Host,
    retryable: false,
    message: 'the engine library {library} cannot be loaded: {problem}',
    mend: '{suggestion}',
  },
  'HOST-602': {
    fault: Fault.Host,
    retryable: false,
    message: 'the engine library is version {actual}, this build is written for {expected}',
    mend: 'npm ci',
  },
  'HOST-603': {
    fault: Fault.Host,
    retryable: false,
    message: 'the engine library does not have the layout it must have: {problem}',
    mend: 'npm ci',
  },
  'HOST-604': {
    fault: Fault.Host,
    retryable: false,
    message: 'cannot listen on {address}: {problem}',
    mend: '{suggestion}',
  },
  'HOST-605': {
    fault: Fault.Host,
    retryable: false,
    message: 'the data folder cannot be used: {problem}',
    mend: '{suggestion}',
  },
  'HOST-606': {
    fault: Fault.Host,
    retryable: false,
    message: 'there is no engine for this machine ({platform})',
    mend: 'use Linux (glibc) on x64 or arm64',
  },
  'HOST-607': {
    fault: Fault.Host,
    retryable: true,
    message: 'no answer from {address}: {problem}',
    mend: '{suggestion}',
  },
  'HOST-608': {
    fault: Fault.Host,
    retryable: false,
    message: 'the program of the engine `{engine}` cannot be started: {problem}',
    mend: '{suggestion}',
  },
  'USE-640': {
    fault: Fault.Caller,
    retryable: false,
    message: '{problem}',
    mend: '{suggestion}',
  },
  'INT-500': {
    fault: Fault.Stowage,
    retryable: true,
    message: 'an internal error happened',
    mend: 'look for the request id in the server’s log and report it',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof rows;
/** The table, for those who map or document every row. */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = rows;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** The parameters a code's message and mend name. */
export type ErrorParameters<Code extends ErrorCode> = Record<
  Placeholders<(typeof rows)[Code]['message']> | Placeholders<(typeof rows)[Code]['mend']>,
  string | number
>;

/** How an error travels between processes: plain data. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly mend: string;
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  readonly programStatus?: number;
}

interface ErrorExtras {
  /** Why it happened, in words for the reader (the CLI prints it as `cause:`). */
  readonly reason?: string;
  /** Seconds after which trying again is sensible. */
  readonly retryAfterSeconds?: number;
  /** The HTTP status that a model's own program answered with. */
  readonly programStatus?: number;
  /** `file:line:column` of what the caller wrote. */
  readonly location?: string;
  readonly cause?: unknown;
}

/** An error of the table. `message` and `mend` are complete sentences without placeholders. */
export class StowageError extends Error {
  override readonly name = 'StowageError';
  readonly reason: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly programStatus: number | undefined;
  readonly location: string | undefined;

  private constructor(
    readonly code: ErrorCode,
    message: string,
    readonly mend: string,
    extras: ErrorExtras,
  ) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.reason = extras.reason;
    this.retryAfterSeconds = extras.retryAfterSeconds;
    this.programStatus = extras.programStatus;
    this.location = extras.location;
  }

  static of<Code extends ErrorCode>(
    code: Code,
    parameters: ErrorParameters<Code>,
    extras: ErrorExtras = {},
  ): StowageError {
    const row = errorTable[code];
    return new StowageError(code, fill(row.message, parameters), fill(row.mend, parameters), extras);
  }

  /** The error that `toData` took apart. */
  static fromData(data: ErrorData): StowageError {
    return new StowageError(data.code, data.message, data.mend, data);
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }

  toData(): ErrorData {
    return {
      code: this.code,
      message: this.message,
      mend: this.mend,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
      ...(this.programStatus === undefined ? {} : { programStatus: this.programStatus }),
    };
  }
}

/** Any thrown thing as an error of the table; what is not one becomes INT-500 with its cause kept. */
export function asStowageError(thrown: unknown): StowageError {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof StowageError) return error;
  }
  return StowageError.of('INT-500', {}, { cause: thrown });
}

function fill(text: string, parameters: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
