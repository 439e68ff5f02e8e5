/** `stowage delete` and `stowage scale`: one change of one thing, waited for. */
import { StowageError } from '../../domain/errors.js';
import { confirmAll } from './apply/confirm.js';
import type { ConfirmFlags } from './apply/confirm.js';
import { copiesTarget, listTargets } from './apply/scaling-calls.js';
import { componentIdle, componentInService, componentWithin, gone, settle } from './apply/settle.js';
import type { Wait } from './apply/settle.js';
import { connectionOf } from './control-api/connection.js';
import type { ConnectionFlags } from './control-api/connection.js';
import { openControlApi } from './control-api/control-api.js';
import type { ControlApi } from './control-api/control-api.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { describeOne } from './get.js';
import { openProgress } from './progress.js';
import { type Description, liveCount, resourceOf } from './resources.js';
import type { Session } from './session.js';

export interface ChangeFlags extends ConnectionFlags, ConfirmFlags {
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** At least one of them. */
export interface ScaleFlags extends ChangeFlags {
  readonly copies?: number;
  readonly min?: number;
  readonly max?: number;
}

const pollMs = { min: 200, max: 3_000 };

/** An endpoint goes with its components: it must be empty first. */
export async function remove(target: string, flags: ChangeFlags, session: Session): Promise<ExitCode> {
  const { kind, name } = resourceOf(target);
  return withApi(flags, session, async (api) => {
    const description = await describeOne(api, kind, name);
    const components = kind.word === 'endpoint' ? await componentsOf(api, name) : [];
    const live = liveCount(description);
    if (live > 0 || components.length > 0) {
      const what = kind.word === 'component' ? 'live copies' : 'live instances';
      const also = components.length === 0 ? '' : `, and its components ${components.join(', ')}`;
      const question = { kind: kind.word, name, why: `deletes ${live} ${what}${also}` };
      await confirmAll([question], flags, `stowage delete ${target}${api.regionFlag}`, session);
    }
    for (const inferenceComponentName of components) {
      await api.find('DeleteInferenceComponent', { inferenceComponentName });
    }
    if (components.length > 0) {
      const emptied = components.map((component) => gone('component', component));
      const patience = patienceOf(flags, session);
      const { pending } = await settle(api, emptied, patience).finally(patience.clear);
      if (pending.length > 0) return stillUnderWay(pending, api, session);
    }
    await api.find(kind.remove, { [kind.nameMember]: name });
    const isSlow = kind.word === 'component' || kind.word === 'endpoint';
    const waits = isSlow ? [gone(kind.word === 'component' ? 'component' : 'endpoint', name)] : [];
    return finish(api, waits, flags, session, `${kind.word}/${name} is deleted`);
  });
}

async function componentsOf(api: ControlApi, endpointNameEquals: string): Promise<readonly string[]> {
  const listed = await api.list<{ inferenceComponentName: string }>(
    'ListInferenceComponents',
    { endpointNameEquals },
    'inferenceComponents',
  );
  return listed.map((one) => one.inferenceComponentName);
}

export async function scale(target: string, flags: ScaleFlags, session: Session): Promise<ExitCode> {
  const { kind, name } = resourceOf(target);
  const { copies, min, max } = flags;
  if (kind.word !== 'component') {
    throw StowageError.of('USE-640', {
      problem: `${kind.word}s have no copies`,
      suggestion: 'write `stowage scale component/NAME --copies 1`',
    });
  }
  if (copies === undefined && min === undefined && max === undefined) {
    throw StowageError.of('USE-640', {
      problem: 'nothing says how far',
      suggestion: `write \`stowage scale ${target} --copies 1\`, or \`--min 0 --max 4\` for bounds`,
    });
  }
  return withApi(flags, session, async (api) => {
    const description = await describeOne(api, kind, name);
    await confirmEnds(target, name, liveCount(description), { api, flags, session });
    const isBound = min !== undefined || max !== undefined;
    const wait = isBound ? await setBounds(api, name, description, flags) : null;
    if (copies !== undefined) return setCopies(api, name, copies, flags, session);
    const waits = wait === null ? [] : [wait];
    return finish(api, waits, flags, session, `component/${name} scales${boundsText(flags)}`);
  });
}

interface Asking {
  readonly api: ControlApi;
  readonly flags: ScaleFlags;
  readonly session: Session;
}

/** Copies that live may be ended by their number, and by a bound. Throws USE-640 without a yes. */
async function confirmEnds(target: string, name: string, live: number, asking: Asking): Promise<void> {
  const { api, flags, session } = asking;
  const { copies, min, max } = flags;
  const left = Math.min(copies ?? live, max ?? Infinity);
  if (live <= left) return;
  const question = { kind: 'component', name, why: `ends ${live - left} of ${live} live copies` };
  const wanted = Object.entries({ copies, min, max }).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag} ${value}`],
  );
  const again = `stowage scale ${target} ${wanted.join(' ')}${api.regionFlag}`;
  await confirmAll([question], flags, again, session);
}

/** A target that is new has the bound that is not named where the number of copies is now. Null: nothing is to wait for. */
async function setBounds(
  api: ControlApi,
  name: string,
  { runtimeConfig }: Description,
  { min, max }: ScaleFlags,
): Promise<Wait | null> {
  const { desiredCopyCount: now = 1 } = (runtimeConfig ?? {}) as { desiredCopyCount?: number };
  const target = copiesTarget(name);
  const [there] = await listTargets(api, [target.resourceId]);
  const minCapacity = min ?? there?.minCapacity ?? Math.min(now, max ?? now);
  const maxCapacity = max ?? there?.maxCapacity ?? Math.max(1, now, minCapacity);
  await api.call('RegisterScalableTarget', { ...target, minCapacity, maxCapacity });
  const isWithin = minCapacity <= now && now <= maxCapacity;
  return isWithin ? null : componentWithin(name, { min: minCapacity, max: maxCapacity });
}

function boundsText({ min, max }: ScaleFlags): string {
  return `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`} copies`;
}

async function setCopies(
  api: ControlApi,
  name: string,
  copies: number,
  flags: ScaleFlags,
  session: Session,
): Promise<ExitCode> {
  const patience = patienceOf(flags, session);
  if (flags.wait) await settle(api, [componentIdle(name)], patience).finally(patience.clear);
  await api.call('UpdateInferenceComponentRuntimeConfig', {
    inferenceComponentName: name,
    desiredRuntimeConfig: { copyCount: copies },
  });
  return finish(api, [componentInService(name)], flags, session, `component/${name} has ${copies}`);
}

async function withApi(
  flags: ChangeFlags,
  session: Session,
  run: (api: ControlApi) => Promise<ExitCode>,
): Promise<ExitCode> {
  const connection = connectionOf(flags, session);
  const api = openControlApi(connection, connection.region);
  try {
    return await run(api);
  } finally {
    api.close();
  }
}

async function finish(
  api: ControlApi,
  waits: readonly Wait[],
  flags: ChangeFlags,
  session: Session,
  news: string,
): Promise<ExitCode> {
  const { terminal } = session;
  if (!flags.wait && waits.length > 0) {
    terminal.say('asked for; nobody waits for it');
    return ExitCode.Pending;
  }
  const patience = patienceOf(flags, session);
  const { failures, pending } = await settle(api, waits, patience).finally(patience.clear);
  for (const failure of failures) terminal.fail(failure);
  if (failures[0] !== undefined) return exitCodeOf(failures[0]);
  if (pending.length > 0) return stillUnderWay(pending, api, session);
  terminal.say(news);
  return ExitCode.Ok;
}

function stillUnderWay(pending: readonly string[], api: ControlApi, { terminal }: Session): ExitCode {
  terminal.say(`still under way: ${pending.join(', ')}`);
  terminal.say(`why: \`stowage explain ${pending[0]}${api.regionFlag}\``);
  return ExitCode.Pending;
}

function patienceOf(flags: ChangeFlags, { terminal }: Session) {
  const line = openProgress(terminal, () => performance.now());
  return {
    pollMsMin: pollMs.min,
    pollMsMax: pollMs.max,
    msMax: flags.timeout * 1000,
    onProgress: line.update,
    signal: new AbortController().signal,
    clear: line.clear,
  };
}
