import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendMail } from '../alerts/mail.ts';
import { tried } from '../alerts/tried.ts';
import { counted, readableCount } from '../amount.ts';
import { AdlakeError } from '../errors.ts';
import { spreadsheetCsv } from '../exports/spreadsheet.ts';
import { writeAtomically } from '../file.ts';
import { didYouMean } from '../nearest.ts';
import { type DailyReport, dailyReport } from '../report/daily.ts';
import { makeReport, type ReportOptions } from '../report/report.ts';
import { SECTION_NAMES, type SectionName } from '../report/section.ts';
import { sectionTable } from '../report/section-table.ts';
import { makeWorkbook } from '../report/workbook/workbook.ts';
import type { StageReport } from '../run.ts';
import type { Window } from '../window.ts';
import { curatedFile } from '../zone.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { checkAccounts } from './stage.ts';

/**
 * `adlake report`: a page that a person opens in a browser, and a workbook. With `--csv` one section of
 * it as a file for spreadsheets, with `--daily` its short form as text.
 */
export async function report(context: CommandContext, typed: Typed): Promise<number> {
  checkAccounts(context);
  const { options } = typed;
  if (typeof options.csv === 'string') return sectionCsv(context, options);
  if (options.daily === true) return daily(context, options);
  const written = await writeReport(context, options);
  if (context.isJson) context.print(`${JSON.stringify(written, null, 2)}\n`);
  else {
    context.print(`${written.path}\n${written.workbook}\n`);
    const size = readableCount(Math.ceil(written.bytes / 1000));
    context.tell(
      `The report (${size} kB) is one file: open it in a browser, print it, or send it. The workbook beside it has the same figures, with charts.`,
    );
  }
  return 0;
}

/** A report as it was written. */
export interface WrittenReport {
  /** Of the page; absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Path of the workbook, beside the page; absolute. */
  readonly workbook: string;
  readonly accounts: readonly string[];
}

/**
 * Makes the report and writes it; `period` and `out` are the command's options, `stages` what the run
 * did that it ends. Throws `USAGE`.
 */
export async function writeReport(
  context: CommandContext,
  options: Typed['options'],
  stages?: readonly StageReport[],
): Promise<WrittenReport> {
  const asked = askedFor(context, options, DEFAULT_DAYS);
  const made = await makeReport({ ...asked, ...(stages === undefined ? {} : { stages }) });
  const path = pathOf(context, options.out);
  const workbook = workbookBeside(path);
  const bytes = Buffer.from(made.text);
  writeAtomically(path, bytes);
  writeAtomically(workbook, await makeWorkbook(made.input));
  const accounts = made.input.accounts.map(({ account }) => account.account_id);
  return { path, bytes: bytes.length, workbook, accounts };
}

/** The workbook of a page has its name, and another ending. */
export function workbookBeside(page: string): string {
  return `${page.replace(/\.html?$/i, '')}.xlsx`;
}

async function sectionCsv(context: CommandContext, options: Typed['options']): Promise<number> {
  const table = await sectionTable(
    sectionOf(String(options.csv)),
    askedFor(context, options, DEFAULT_DAYS),
  );
  const text = spreadsheetCsv(table);
  if (typeof options.out !== 'string') context.print(text);
  else {
    const path = resolve(context.world.cwd, options.out);
    writeAtomically(path, Buffer.from(text));
    context.print(`Wrote ${counted(table.rows.length, 'row')} to ${path}.\n`);
  }
  if (table.rows.length === 0)
    context.tell('There is nothing for these days: `adlake status` says what there is.');
  return 0;
}

function sectionOf(text: string): SectionName {
  const name = SECTION_NAMES.find((one) => one === text.replaceAll('-', '_'));
  if (name !== undefined) return name;
  throw usage(
    `The report has no section ${JSON.stringify(text)}.${didYouMean(text, SECTION_NAMES)}`,
    `Give --csv one of: ${SECTION_NAMES.join(', ')}.`,
  );
}

async function daily(context: CommandContext, options: Typed['options']): Promise<number> {
  const made = await dailyReport(askedFor(context, options, DAILY_DAYS));
  if (options.mail === true) return mailed(context, made);
  if (context.isJson) context.print(`${JSON.stringify(made.json, null, 2)}\n`);
  else if (typeof options.out === 'string') {
    const path = resolve(context.world.cwd, options.out);
    writeAtomically(path, Buffer.from(made.text));
    context.print(`${path}\n`);
  } else context.print(made.text);
  return 0;
}

/** Mails the short form to those who get the alerts. Throws `CONFIG_INVALID`, `SOURCE_UNAVAILABLE`. */
async function mailed(context: CommandContext, made: DailyReport): Promise<number> {
  const { mail } = context.config.alerts;
  if (mail === null)
    throw new AdlakeError({
      code: 'CONFIG_INVALID',
      message: 'The report is to be mailed, and no mail server is set.',
      remedy:
        'Set ADLAKE_SMTP_URL, ADLAKE_ALERT_EMAIL_FROM and ADLAKE_ALERT_EMAIL_TO, or leave --mail out.',
    });
  const { subject, text } = made;
  const sent = await tried(() => sendMail(mail, { subject, text }), {
    sleep: async (milliseconds) => void (await sleep(milliseconds)),
  });
  if (!sent.ok)
    throw new AdlakeError({
      code: 'SOURCE_UNAVAILABLE',
      message: `The mail server did not take the report: ${sent.found}.`,
      remedy: 'Correct ADLAKE_SMTP_URL (`.env.example` explains it), and try `adlake alerts test`.',
    });
  if (context.isJson) context.print(`${JSON.stringify({ mailed: mail.to.length }, null, 2)}\n`);
  else context.print(`Mailed to ${counted(mail.to.length, 'recipient')}.\n`);
  return 0;
}

/** What a report is asked for by the options that all of its forms share. */
function askedFor(context: CommandContext, options: Typed['options'], days: number): ReportOptions {
  const { accounts } = context.selection;
  const window = windowOf(context);
  return {
    lake: context.lake,
    days: daysOf(options.period, days),
    now: context.now(),
    ...(accounts === undefined ? {} : { accounts }),
    ...(window === null ? {} : { window }),
  };
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
const DAILY_DAYS = 7;
/** Ten years: more is a slip of the finger. */
const MOST_DAYS = 3660;

function daysOf(period: unknown, otherwise: number): number {
  if (period === undefined) return otherwise;
  const days = Number(period);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw usage(
    `--period must be a number of days, 1 to ${readableCount(MOST_DAYS)}; found ${JSON.stringify(period)}.`,
    'Write it like --period 28.',
  );
}
