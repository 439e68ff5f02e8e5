/** `stowage keys`: the keys of a data folder. Secrets are shown once, when they are made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock/system.js';
import type { KeyKind, KeyRecord } from '../../adapters/identity/key-file/key-record.js';
import { KeyStore } from '../../adapters/identity/key-file/key-store.js';
import type { KeyTerms, NewKey } from '../../adapters/identity/key-file/key-store.js';
import { StowageError } from '../../domain/errors.js';
import { dataFolder, shownFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { OutputFormat, renderList, renderValue } from './render.js';
import type { Column } from './render.js';
import type { Session } from './session.js';
import { Paint } from './paint.js';

export interface FolderFlags {
  readonly dataDir?: string;
}

/** What a key's requests get where there is not enough for all; what is left out stays. */
export interface TermFlags {
  readonly weight?: number;
  readonly tokensPerMinute?: number | 'none';
  readonly priority?: number;
  readonly maxPriority?: number;
}

export interface CreateFlags extends FolderFlags, TermFlags {
  readonly kind: KeyKind;
  readonly name?: string;
  readonly days?: number;
  readonly action?: readonly string[];
  /** Twelve digits. */
  readonly account?: string;
}

/** A key as people may see it: nothing of its secret. */
interface ShownKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  readonly account: string;
  readonly actions: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly isExpired: boolean;
  readonly isDefault: boolean;
  readonly weight: number;
  readonly tokensPerMinute: number | null;
  readonly priority: number;
  readonly priorityMax: number;
}

const dayMs = 86_400_000;
const nameCharsMax = 64;
const actionsMax = 64;
const actionCharsMax = 128;

const columns: readonly Column<ShownKey>[] = [
  { title: 'key', cell: ({ id }) => id },
  { title: 'kind', cell: ({ kind }) => kind },
  { title: 'name', cell: ({ name }) => name || '-' },
  { title: 'created', cell: ({ createdAt }) => createdAt.slice(0, 10) },
  {
    title: 'expires',
    cell: (key) =>
      key.expiresAt === null ? 'never' : `${key.expiresAt.slice(0, 10)}${key.isExpired ? ' (over)' : ''}`,
  },
  { title: 'default', isWideOnly: true, cell: ({ isDefault }) => (isDefault ? 'yes' : 'no') },
  { title: 'weight', isWideOnly: true, isRightAligned: true, cell: ({ weight }) => String(weight) },
  {
    title: 'tokens/min',
    isWideOnly: true,
    isRightAligned: true,
    cell: ({ tokensPerMinute }) => String(tokensPerMinute ?? '-'),
  },
  {
    title: 'priority',
    isWideOnly: true,
    isRightAligned: true,
    cell: ({ priority, priorityMax }) =>
      priority === priorityMax ? `${priority}` : `${priority}..${priorityMax}`,
  },
  { title: 'account', isWideOnly: true, cell: ({ account }) => account },
  { title: 'actions', isWideOnly: true, cell: ({ actions }) => actions.join(' ') },
];

export function listKeys(flags: FolderFlags, session: Session): ExitCode {
  const { terminal, format, environment } = session;
  const folder = dataFolder(flags.dataDir, environment);
  const records = hasKeys(folder) ? openStore(folder).store.list() : [];
  if (records.length === 0)
    terminal.say(`no keys in ${shownFolder(folder)}; \`stowage serve\` makes the first ones`);
  const rows = records.map(shown);
  terminal.write(
    renderList({ rows, columns, nameOf: ({ id }) => `key/${id}` }, format ?? OutputFormat.Table),
  );
  return ExitCode.Ok;
}

export function createKey(flags: CreateFlags, session: Session): ExitCode {
  refuseMalformed(flags);
  const folder = dataFolder(flags.dataDir, session.environment);
  const { store, first } = openStore(folder);
  if (first !== null) {
    session.terminal.say(
      `first keys of ${shownFolder(folder)} made as well; they stand in its files api-key and credentials`,
    );
  }
  const made = store.create(flags.kind, {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.action === undefined ? {} : { actions: flags.action }),
    ...(flags.account === undefined ? {} : { account: flags.account }),
    ...termsOf(flags),
    expiresAt:
      flags.days === undefined ? null : new Date(systemClock.wallNow() + flags.days * dayMs).toISOString(),
  });
  showSecret(made, session);
  return ExitCode.Ok;
}

/** Other terms for a key; running servers go by them within a second. */
export function setKey(id: string, flags: FolderFlags & TermFlags, session: Session): ExitCode {
  const terms = termsOf(flags);
  if (Object.keys(terms).length === 0) {
    throw StowageError.of('USE-640', {
      problem: 'nothing to set',
      suggestion: `stowage keys set ${id.slice(0, 64)} --weight 2 --tokens-per-minute 60000`,
    });
  }
  const changed = existingStore(dataFolder(flags.dataDir, session.environment)).change(id, terms);
  const listing = { rows: [shown(changed)], columns, nameOf: ({ id: key }: ShownKey) => `key/${key}` };
  session.terminal.write(renderList(listing, session.format ?? OutputFormat.Wide));
  return ExitCode.Ok;
}

function termsOf({ weight, tokensPerMinute, priority, maxPriority }: TermFlags): KeyTerms {
  return {
    ...(weight === undefined ? {} : { weight }),
    ...budgetOf(tokensPerMinute),
    ...(priority === undefined ? {} : { priority }),
    ...(maxPriority === undefined ? {} : { priorityMax: maxPriority }),
  };
}

/** `none` = no budget. */
export function budgetOf(flag: TermFlags['tokensPerMinute']): Pick<KeyTerms, 'tokensPerMinute'> {
  if (flag === undefined) return {};
  return { tokensPerMinute: flag === 'none' ? null : flag };
}

export function rotateKey(id: string, flags: FolderFlags, session: Session): ExitCode {
  const folder = dataFolder(flags.dataDir, session.environment);
  const made = existingStore(folder).rotate(id);
  showSecret(made, session);
  session.terminal.say(`${id} stopped working`);
  return ExitCode.Ok;
}

export function revokeKey(id: string, flags: FolderFlags, session: Session): ExitCode {
  const { terminal, environment } = session;
  const folder = dataFolder(flags.dataDir, environment);
  const store = existingStore(folder);
  const old = store.list().find((record) => record.id === id);
  store.revoke(id);
  terminal.say(`${id} stopped working`);
  if (old?.isDefault === true) {
    const file = old.kind === 'bearer' ? 'api-key' : 'credentials';
    terminal.warn(
      `${shownFolder(folder)}/${file} still holds it; commands that read that file are refused from now on`,
    );
  }
  return ExitCode.Ok;
}

function hasKeys(folder: string): boolean {
  return existsSync(join(folder, 'keys.json'));
}

function openStore(folder: string) {
  return KeyStore.open(folder, systemClock);
}

/** Looking for a key must not make a folder full of new ones. */
export function existingStore(folder: string): KeyStore {
  if (hasKeys(folder)) return openStore(folder).store;
  throw StowageError.of('HOST-605', {
    problem: `there are no keys in ${shownFolder(folder)}`,
    suggestion: 'name the folder with --data-dir or STOWAGE_DATA_DIR',
  });
}

/** Throws USE-640 for what is not an account. */
export function refuseOddAccount(account: string): void {
  if (/^\d{12}$/.test(account)) return;
  throw StowageError.of('USE-640', {
    problem: `\`${account.slice(0, 64)}\` is not an account`,
    suggestion: 'give twelve digits, such as 123456789012',
  });
}

function refuseMalformed({ name, action, account }: CreateFlags): void {
  if (account !== undefined) refuseOddAccount(account);
  if (name !== undefined && name.length > nameCharsMax) {
    throw StowageError.of('USE-640', {
      problem: `a key’s name has at most ${nameCharsMax} characters`,
      suggestion: 'shorten what stands after --name',
    });
  }
  if (
    action !== undefined &&
    (action.length > actionsMax || action.some((one) => one === '' || one.length > actionCharsMax))
  ) {
    throw StowageError.of('USE-640', {
      problem: `a key has at most ${actionsMax} actions of 1 to ${actionCharsMax} characters`,
      suggestion: 'use a pattern such as sagemaker:*',
    });
  }
}

function showSecret({ record, secret }: NewKey, session: Session): void {
  const { terminal, format } = session;
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    terminal.write(renderValue({ ...shown(record), secret }, format));
    return;
  }
  if (format === OutputFormat.Name) {
    terminal.write(`key/${record.id}\n`);
    return;
  }
  terminal.say(terminal.paint(Paint.Bold, 'shown this once:'));
  terminal.write(
    record.kind === 'bearer'
      ? `key         ${record.id}\nbearer key  ${secret}\n`
      : `access key id      ${record.id}\nsecret access key  ${secret}\n`,
  );
}

function shown(record: KeyRecord): ShownKey {
  const { id, kind, name, account, actions, createdAt, expiresAt, isDefault } = record;
  const { weight, tokensPerMinute, priority, priorityMax } = record;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= systemClock.wallNow();
  return {
    id,
    kind,
    name,
    account,
    actions,
    createdAt,
    expiresAt,
    isExpired,
    isDefault,
    ...{ weight, tokensPerMinute, priority, priorityMax },
  };
}
