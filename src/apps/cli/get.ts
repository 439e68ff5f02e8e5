/** `stowage get` and `stowage describe`: what the control API has, as a table or as it says it. */
import { setTimeout as pause } from 'node:timers/promises';
import { StowageError } from '../../domain/errors.js';
import { mapBounded } from './apply/map-bounded.js';
import { connectionOf } from './control-api/connection.js';
import type { ConnectionFlags } from './control-api/connection.js';
import { openControlApi } from './control-api/control-api.js';
import type { ControlApi } from './control-api/control-api.js';
import { toWire } from './control-api/wire-shape.js';
import { ExitCode } from './exit-code.js';
import { withNearest } from './missing.js';
import { OutputFormat, renderList, renderValue } from './render.js';
import { kindOf, nameIn, resourceOf } from './resources.js';
import { lookAtScaling, scalingOfComponent } from './scaling.js';
import type { Description, ResourceKind } from './resources.js';
import type { Session } from './session.js';

export interface GetFlags extends ConnectionFlags {
  readonly watch?: boolean;
}

/** What scales is no kind of its own: targets belong to components and variants. */
const scalingWord = 'scaling';

/** Between two looks of `--watch`. */
const watchMs = 2_000;

/** `target`: `components`, `component/NAME`; `name`: one of the kind, or null. */
export async function get(
  target: string,
  name: string | null,
  flags: GetFlags,
  session: Session,
): Promise<ExitCode> {
  const lookWith = lookAt(target, name, session);
  const connection = connectionOf(flags, session);
  const api = openControlApi(connection, connection.region);
  try {
    if (flags.watch === true) return await watch(() => lookWith(api), session);
    session.terminal.write(await lookWith(api));
    return ExitCode.Ok;
  } finally {
    api.close();
  }
}

/** What is looked at; throws USE-640 for what there is not. */
function lookAt(target: string, name: string | null, session: Session): (api: ControlApi) => Promise<string> {
  const [word, ...rest] = target.split('/');
  if (word === scalingWord) {
    const wanted = rest.length === 0 ? name : rest.join('/');
    return (api) => lookAtScaling(api, wanted, session);
  }
  const named = target.includes('/') ? resourceOf(target) : { kind: kindOf(target), name };
  return (api) => look(api, named.kind, named.name, session);
}

export async function describe(target: string, flags: ConnectionFlags, session: Session): Promise<ExitCode> {
  const { kind, name } = resourceOf(target);
  const connection = connectionOf(flags, session);
  const api = openControlApi(connection, connection.region);
  try {
    const description = await describeOne(api, kind, name);
    // Servers without Application Auto Scaling have nothing to say about it.
    const scaling = kind.word === 'component' ? await scalingOfComponent(api, name).catch(() => null) : null;
    const format = session.format === OutputFormat.Json ? OutputFormat.Json : OutputFormat.Yaml;
    const whole = { ...onWire(description), ...(scaling === null ? {} : { Scaling: scaling }) };
    session.terminal.write(renderValue(whole, format));
    return ExitCode.Ok;
  } finally {
    api.close();
  }
}

/** Prints again whenever something is different, until Ctrl-C. */
async function watch(lookOnce: () => Promise<string>, session: Session): Promise<ExitCode> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  let before: string | null = null;
  while (!interruption.signal.aborted) {
    const text = await lookOnce();
    if (text !== before) session.terminal.write(before === null ? text : `\n${text}`);
    before = text;
    await pause(watchMs, undefined, { signal: interruption.signal }).catch(() => undefined);
  }
  process.off('SIGINT', interrupt);
  return ExitCode.Interrupted;
}

async function look(
  api: ControlApi,
  kind: ResourceKind,
  name: string | null,
  { format }: Session,
): Promise<string> {
  const rows = name === null ? await describeAll(api, kind) : [await describeOne(api, kind, name)];
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    return renderValue(rows.map(onWire), format);
  }
  const listing = {
    rows,
    columns: kind.columns,
    nameOf: (row: Description) => `${kind.word}/${nameIn(kind, row)}`,
  };
  return renderList(listing, format ?? OutputFormat.Table);
}

/** Things that go between listing and describing are left out. */
async function describeAll(api: ControlApi, kind: ResourceKind): Promise<readonly Description[]> {
  const listed = await api.list<Description>(
    kind.list,
    { sortBy: 'Name', sortOrder: 'Ascending' },
    kind.listMember,
  );
  const described = await mapBounded(listed, (one) =>
    api.find<Description>(kind.describe, { [kind.nameMember]: nameIn(kind, one) }),
  );
  return described.filter((one) => one !== null);
}

export async function describeOne(api: ControlApi, kind: ResourceKind, name: string): Promise<Description> {
  const found = await api.find<Description>(kind.describe, { [kind.nameMember]: name });
  if (found !== null) return found;
  const listed = await api.list<Description>(kind.list, {}, kind.listMember).catch(() => []);
  const error = StowageError.of('NAME-410', { kind: kind.word, arn: name });
  const names = listed.map((one) => nameIn(kind, one));
  throw withNearest(error, kind.word, name, names);
}

/** As the API spells it; times in ISO 8601. */
function onWire(description: Description): object {
  const members = Object.entries(description).map(([key, value]) => [
    key,
    key.endsWith('Time') && typeof value === 'number' ? new Date(value).toISOString() : value,
  ]);
  return toWire(Object.fromEntries(members)) as object;
}
