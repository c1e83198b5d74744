import { hashOf } from '../file.ts';
import { plainCell } from './cell.ts';
import type { Reading } from './reading.ts';
import { idIn } from './record.ts';
import { refusal } from './refusal.ts';
import { type AccountSeen, accountColumn, type Survey } from './survey.ts';
import type { ToldOfFile } from './told.ts';

/** The rows of one account in a file. */
export interface AccountPart {
  readonly accountId: string;
  readonly accountName: string | null;
  /** How the account is known. `nothing`: the file does not say, and nobody did. */
  readonly by: 'option' | 'column' | 'name' | 'nothing';
  readonly reading: Reading;
  readonly rows: number;
  /** First and last day, inclusive. */
  readonly since: string;
  readonly until: string;
}

/** Account of rows that nothing tells the account of. */
export const UNKNOWN_ACCOUNT = 'unknown';

/**
 * Parts a file by its accounts: by their ids, else by their names. A file that does not say is
 * the account's that was told, else `unknown`. Throws `IMPORT_REFUSED` when the file contradicts what
 * was told.
 */
export function accountParts(
  reading: Reading,
  seen: Survey,
  told: Pick<ToldOfFile, 'account'>,
): readonly AccountPart[] {
  const column = accountColumn(reading);
  const isId = column !== -1 && reading.columns[column]?.field === 'account_id';
  const named = [...seen.accounts].filter(([cell]) => cell !== '');
  const [only] = named;
  if (only === undefined || (named.length === 1 && !isId && told.account !== null)) {
    return [whole(reading, seen, { cell: only?.[0] ?? '', told: told.account })];
  }
  const identify = isId ? idFrom : nameId;
  if (named.length === 1) return [single(reading, seen, { id: identify(only[0]), isId, told })];
  const parts = [...seen.accounts].map(
    ([cell, account]): AccountPart => ({
      ...spanOf(account),
      accountId: cell === '' ? UNKNOWN_ACCOUNT : identify(cell),
      accountName: account.name,
      by: cell === '' ? 'nothing' : isId ? 'column' : 'name',
      reading: { ...reading, account: { column, is: cell } },
    }),
  );
  return chosenParts(parts, told.account);
}

function whole(
  reading: Reading,
  seen: Survey,
  known: { readonly cell: string; readonly told: string | null },
): AccountPart {
  return {
    ...spanOf(joined(seen)),
    accountId: known.told ?? UNKNOWN_ACCOUNT,
    accountName: joined(seen).name,
    by: known.told === null ? 'nothing' : 'option',
    reading,
  };
}

function single(
  reading: Reading,
  seen: Survey,
  found: {
    readonly id: string;
    readonly isId: boolean;
    readonly told: Pick<ToldOfFile, 'account'>;
  },
): AccountPart {
  const { id, isId, told } = found;
  if (told.account !== null && told.account !== id) {
    throw refusal(
      `The file is of account ${id}, but --account says ${told.account}.`,
      'Leave --account out: the file says it.',
    );
  }
  const { name, ...span } = joined(seen);
  return { ...span, accountName: name, accountId: id, by: isId ? 'column' : 'name', reading };
}

function chosenParts(
  parts: readonly AccountPart[],
  account: string | null,
): readonly AccountPart[] {
  if (account === null) return parts;
  const chosen = parts.filter(({ accountId }) => accountId === account);
  if (chosen.length > 0) return chosen;
  throw refusal(
    `The file is of the accounts ${parts.map(({ accountId }) => accountId).join(', ')}, and not of ${account}.`,
    'Leave --account out to import all of them, or name one that is there.',
  );
}

function joined(seen: Survey): AccountSeen {
  const all = [...seen.accounts.values()];
  const days = all.flatMap(({ since, until }) => [since, until]).sort();
  return {
    name: all.find(({ name }) => name !== null)?.name ?? null,
    rows: seen.rows,
    since: days[0] ?? '',
    until: days.at(-1) ?? '',
  };
}

function spanOf({
  rows,
  since,
  until,
}: AccountSeen): Pick<AccountPart, 'rows' | 'since' | 'until'> {
  return { rows, since, until };
}

const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** An account's id as it names folders: digits of `act_1`, `123-456-7890` and URNs; else as it is. */
function idFrom(cell: string): string {
  const id = idIn(cell) ?? '';
  if (/^\d{3}-\d{3}-\d{4}$/.test(id)) return id.replaceAll('-', '');
  if (SAFE_ID.test(id) && id !== UNKNOWN_ACCOUNT) return id;
  throw refusal(
    `The file has an account ${JSON.stringify(plainCell(cell).slice(0, 80))}, which is no id of an account.`,
    'If a spreadsheet program rounded it, export again; or name the account with --account and leave that column out.',
  );
}

/** Names are no ids and no folder names: a hash stands for the account. */
function nameId(cell: string): string {
  return `name-${hashOf(Buffer.from(plainCell(cell).trim())).slice(0, 12)}`;
}
