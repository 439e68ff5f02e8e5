/** `stowage models`: the library of model files of a data folder. Works beside a server that runs, and without one. */
import { basename } from 'node:path';
import { systemClock } from '../../adapters/clock/system.js';
import { copiesByProcess } from '../../adapters/fleet/local-process/run-record.js';
import { nearest } from '../../domain/nearest.js';
import { StowageError } from '../../domain/errors.js';
import { modelNameFor, openBuiltInBucket } from '../../library/built-in-bucket.js';
import type { BuiltInBucket, ListedModel } from '../../library/built-in-bucket.js';
import { refuseBrokenGguf } from '../../library/verify-model.js';
import { readDataFolderSettings } from '../settings-file.js';
import { confirmAll } from './apply/confirm.js';
import type { ConfirmFlags } from './apply/confirm.js';
import { dataFolder, shownFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { Paint } from './paint.js';
import { openProgress } from './progress.js';
import { OutputFormat, renderList, renderValue } from './render.js';
import type { Column } from './render.js';
import type { Session } from './session.js';

interface FolderFlags {
  readonly dataDir?: string;
}

export interface AddFlags extends FolderFlags {
  readonly name?: string;
}

/** A model as people may see it. */
interface ShownModel {
  readonly url: string;
  readonly name: string | null;
  readonly kind: string;
  readonly bytes: number | null;
  readonly sha256: string;
  /** Numbers of the processes that use it. */
  readonly pinnedBy: readonly number[];
  readonly usedAt: string | null;
}

const shortDigestChars = 12;
const mebibyte = 2 ** 20;

const columns: readonly Column<ShownModel>[] = [
  { title: 'model', cell: ({ url }) => url },
  { title: 'size', isRightAligned: true, cell: ({ bytes }) => (bytes === null ? 'gone' : sizeText(bytes)) },
  { title: 'sha256', cell: ({ sha256 }) => sha256.slice(0, shortDigestChars) },
  { title: 'used by', cell: ({ pinnedBy }) => (pinnedBy.length === 0 ? '-' : pinnedBy.join(' ')) },
  { title: 'last used', cell: ({ usedAt }) => usedAt?.slice(0, 16).replace('T', ' ') ?? '-' },
  { title: 'digest', isWideOnly: true, cell: ({ sha256 }) => sha256 },
];

export async function addModel(file: string, flags: AddFlags, session: Session): Promise<ExitCode> {
  const { terminal, format } = session;
  const { bucket } = open(flags, session);
  const progress = openProgress(terminal, () => systemClock.now());
  const name = flags.name ?? modelNameFor(file);
  await refuseBrokenGguf(file);
  const hear = (fraction: number) => progress.update({ phase: 'read', fraction, detail: basename(file) });
  const { url, sha256, bytes, isLinked } = await bucket
    .addFile(file, name, hear)
    .finally(() => progress.clear());
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    terminal.write(renderValue({ url, sha256, bytes }, format));
  } else if (format === OutputFormat.Name) terminal.write(`model/${name}\n`);
  else terminal.write(`${url}\nsha256 ${sha256}\n`);
  if (isLinked) {
    terminal.say(
      `${basename(file)} and the model share their bytes: replace the file, do not change it in place`,
    );
  }
  return ExitCode.Ok;
}

export function listModels(flags: FolderFlags, session: Session): ExitCode {
  const { terminal, format } = session;
  const { bucket, folder } = open(flags, session);
  const rows = bucket.list().map(shown);
  if (rows.length === 0) {
    terminal.say(`no models in ${shownFolder(folder)}; \`stowage models add FILE\` adds one`);
  }
  const nameOf = ({ name, sha256 }: ShownModel) => `model/${name ?? sha256}`;
  terminal.write(renderList({ rows, columns, nameOf }, format ?? OutputFormat.Table));
  return ExitCode.Ok;
}

/** Throws USE-640 for what nobody calls so, and for what copies use, unless there is a yes to it. */
export async function removeModel(
  name: string,
  flags: FolderFlags & ConfirmFlags,
  session: Session,
): Promise<ExitCode> {
  const { bucket, folder } = open(flags, session);
  const wanted = withoutKind(name);
  const before = bucket.list();
  const used = before.find((model) => isCalled(model, wanted) && model.pinnedBy.length > 0);
  const users = used === undefined ? '' : usersText(used.pinnedBy, folder);
  if (used !== undefined) {
    const why = `${users} uses it; copies that start later will not find it`;
    const question = { kind: 'model', name: wanted, why };
    await confirmAll([question], flags, `stowage models remove ${wanted}`, session);
  }
  if (!(await bucket.remove(wanted))) throw unknownModel(wanted, before);
  session.terminal.say(
    used === undefined
      ? `${wanted} is removed`
      : `${wanted} is removed; its bytes stay while ${users} uses them`,
  );
  return ExitCode.Ok;
}

export async function verifyModels(
  name: string | undefined,
  flags: FolderFlags,
  session: Session,
): Promise<ExitCode> {
  const { terminal, format } = session;
  const { bucket } = open(flags, session);
  const wanted = name === undefined ? null : withoutKind(name);
  const progress = openProgress(terminal, () => systemClock.now());
  const hear = ({ url }: ListedModel, fraction: number) =>
    progress.update({ phase: 'verify', fraction, detail: url });
  const verified = await bucket
    .verify(wanted, hear, new AbortController().signal)
    .finally(() => progress.clear());
  if (wanted !== null && verified.length === 0) throw unknownModel(wanted, bucket.list());
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    const rows = verified.map((model) => ({ ...shown(model), problem: model.problem?.toData() ?? null }));
    terminal.write(renderValue(rows, format));
  } else {
    for (const { url, sha256, problem } of verified) {
      const mark =
        problem === null
          ? terminal.paintData(Paint.Green, 'ok     ')
          : terminal.paintData(Paint.Red, 'damaged');
      terminal.write(`${mark}  ${sha256.slice(0, shortDigestChars)}  ${url}\n`);
    }
  }
  for (const { problem } of verified) if (problem !== null) terminal.fail(problem);
  return verified.every(({ problem }) => problem === null) ? ExitCode.Ok : ExitCode.Failed;
}

function open(flags: FolderFlags, session: Session): { bucket: BuiltInBucket; folder: string } {
  const folder = dataFolder(flags.dataDir, session.environment);
  return { bucket: openBuiltInBucket(readDataFolderSettings(folder).library, systemClock), folder };
}

/** `-o name` prints `model/NAME`; it may come back. */
function withoutKind(name: string): string {
  return name.startsWith('model/') ? name.slice('model/'.length) : name;
}

/** `chat-1 (process 123), process 456`. */
function usersText(pids: readonly number[], folder: string): string {
  const copies = copiesByProcess(folder);
  return pids
    .map((pid) => {
      const copy = copies.get(pid);
      return copy === undefined ? `process ${pid}` : `${copy} (process ${pid})`;
    })
    .join(', ');
}

function isCalled({ name, url, sha256 }: ListedModel, text: string): boolean {
  return name === text || url === text || sha256 === text;
}

function unknownModel(name: string, models: readonly ListedModel[]): StowageError {
  const meant = nearest(
    name,
    models.map((model) => model.name ?? model.url),
  );
  return StowageError.of('USE-640', {
    problem: `the library has no model \`${name}\``,
    suggestion: meant === null ? 'stowage models list' : `did you mean \`${meant}\`?`,
  });
}

function shown({ url, name, kind, bytes, sha256, pinnedBy, usedAt }: ListedModel): ShownModel {
  const when = usedAt === null ? null : new Date(usedAt).toISOString();
  return { url, name, kind, bytes, sha256, pinnedBy, usedAt: when };
}

/** `1.2 GiB`, `340.0 MiB`. */
function sizeText(bytes: number): string {
  return bytes >= 1024 * mebibyte
    ? `${(bytes / 1024 / mebibyte).toFixed(1)} GiB`
    : `${(bytes / mebibyte).toFixed(1)} MiB`;
}
