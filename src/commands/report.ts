import { resolve } from 'node:path';
import { readableCount } from '../amount.ts';
import { writeAtomically } from '../file.ts';
import { makeReport } from '../report/report.ts';
import type { Window } from '../window.ts';
import { curatedFile } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { checkAccounts } from './stage.ts';

/** `adlake report`: one HTML page that a person opens in a browser. */
export async function report(context: CommandContext, typed: Typed): Promise<number> {
  checkAccounts(context);
  const written = await writeReport(context, typed.options);
  if (context.isJson) context.print(`${JSON.stringify(written, null, 2)}\n`);
  else {
    context.print(`${written.path}\n`);
    const size = readableCount(Math.ceil(written.bytes / 1000));
    context.tell(
      `The report (${size} kB) is one file: open it in a browser, print it, or send it.`,
    );
  }
  return 0;
}

/** A report as it was written. */
export interface WrittenReport {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly accounts: readonly string[];
}

/** Makes the report and writes it; `period` and `out` are the command's options. Throws `USAGE`. */
export async function writeReport(
  context: CommandContext,
  options: Typed['options'],
): Promise<WrittenReport> {
  const { lake } = context;
  const { accounts } = context.selection;
  const window = windowOf(context);
  const made = await makeReport({
    lake,
    days: daysOf(options.period),
    now: context.now(),
    ...(accounts === undefined ? {} : { accounts }),
    ...(window === null ? {} : { window }),
  });
  const path = pathOf(context, options.out);
  const bytes = Buffer.from(made.text);
  writeAtomically(path, bytes);
  const shown = made.input.accounts.map(({ account }) => account.account_id);
  return { path, bytes: bytes.length, accounts: shown };
}

/** Where the report goes when nobody says: beside the tables it is made from. */
function pathOf(context: CommandContext, out: unknown): string {
  return typeof out === 'string'
    ? resolve(context.world.cwd, out)
    : curatedFile(context.lake, 'report.html');
}

function windowOf(context: CommandContext): Window | null {
  const { since, until } = context.selection;
  if (since === undefined && until === undefined) return null;
  if (since !== undefined && until !== undefined && since <= until) return { since, until };
  throw usage(
    'A report needs both days, or neither: with --since the span must have an --until that is not before it.',
    'Give both, or use --period 7, 28 or 90 for the last complete days.',
  );
}

const DEFAULT_DAYS = 28;
/** Ten years: more is a slip of the finger. */
const MOST_DAYS = 3660;

function daysOf(period: unknown): number {
  if (period === undefined) return DEFAULT_DAYS;
  const days = Number(period);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw usage(
    `--period must be a number of days, 1 to ${readableCount(MOST_DAYS)}; found ${JSON.stringify(period)}.`,
    'Write it like --period 28.',
  );
}
