/** `stowage accounts`: what the keys of an account get together, where there is not enough for all. */
import { StowageError } from '../../domain/errors.js';
import { dataFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { budgetOf, existingStore, type FolderFlags, refuseOddAccount, type TermFlags } from './keys.js';
import { type Column, OutputFormat, renderList } from './render.js';
import type { Session } from './session.js';

interface ShownAccount {
  readonly account: string;
  readonly keys: number;
  readonly weight: number;
  readonly tokensPerMinute: number | null;
}

const columns: readonly Column<ShownAccount>[] = [
  { title: 'account', cell: ({ account }) => account },
  { title: 'keys', isRightAligned: true, cell: ({ keys }) => String(keys) },
  { title: 'weight', isRightAligned: true, cell: ({ weight }) => String(weight) },
  {
    title: 'tokens/min',
    isRightAligned: true,
    cell: ({ tokensPerMinute }) => String(tokensPerMinute ?? '-'),
  },
];

export function listAccounts(flags: FolderFlags, session: Session): ExitCode {
  write(shownAccounts(existingStore(dataFolder(flags.dataDir, session.environment))), session);
  return ExitCode.Ok;
}

export function setAccount(
  account: string,
  { dataDir, weight, tokensPerMinute }: FolderFlags & Pick<TermFlags, 'weight' | 'tokensPerMinute'>,
  session: Session,
): ExitCode {
  refuseOddAccount(account);
  if (weight === undefined && tokensPerMinute === undefined) {
    throw StowageError.of('USE-640', {
      problem: 'nothing to set',
      suggestion: `stowage accounts set ${account} --weight 2 --tokens-per-minute 600000`,
    });
  }
  const store = existingStore(dataFolder(dataDir, session.environment));
  store.changeAccount(account, {
    ...(weight === undefined ? {} : { weight }),
    ...budgetOf(tokensPerMinute),
  });
  write(
    shownAccounts(store).filter((one) => one.account === account),
    session,
  );
  return ExitCode.Ok;
}

function write(rows: readonly ShownAccount[], { terminal, format }: Session): void {
  const listing = { rows, columns, nameOf: ({ account }: ShownAccount) => `account/${account}` };
  terminal.write(renderList(listing, format ?? OutputFormat.Table));
}

/** Those that have keys or were set, by their digits. */
function shownAccounts(store: ReturnType<typeof existingStore>): readonly ShownAccount[] {
  const shown = new Map<string, ShownAccount>();
  for (const { account, weight, tokensPerMinute } of store.accounts()) {
    shown.set(account, { account, keys: 0, weight, tokensPerMinute });
  }
  for (const { account } of store.list()) {
    const known = shown.get(account) ?? { account, keys: 0, weight: 1, tokensPerMinute: null };
    shown.set(account, { ...known, keys: known.keys + 1 });
  }
  return [...shown.values()].sort((one, other) => (one.account < other.account ? -1 : 1));
}
