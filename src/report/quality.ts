import { counted, readableCount } from '../amount.ts';
import type { JsonRow } from '../duckdb/duckdb.ts';
import { DIMENSIONS } from '../quality/scores.ts';
import { listQuarantine } from '../quarantine.ts';
import type { StageReport } from '../run.ts';
import { isIdle, listRecords } from '../run-record.ts';
import { addedAndCombined, addsUp } from '../stage.ts';
import type { AccountSummary } from '../summary.ts';
import type { Lake } from '../zone.ts';
import { html, type Markup, type Part } from './html.ts';
import { count, figure, UNKNOWN } from './number.ts';
import { SECTIONS } from './section.ts';
import { dataTable } from './table.ts';

/** What a person should know of the data before believing it. */
export interface Quality {
  readonly facts: ReadonlyArray<readonly [what: string, found: string]>;
  /** What the newest run that moved rows did with them; empty when none is on record. */
  readonly stages: readonly StageReport[];
}

/** Looks at quarantine, at the accounts' days and at the stages of a run: the newest on record when none are given. */
export function qualityOf(
  lake: Lake,
  accounts: readonly AccountSummary[],
  stages: readonly StageReport[] | null,
): Quality {
  const refused = listQuarantine(lake, {}).length;
  const facts: ReadonlyArray<readonly [string, string]> = [
    [
      'Records refused by a contract',
      refused === 0 ? 'none' : `${readableCount(refused)}: see \`adlake quarantine list\``,
    ],
    ...accounts.flatMap(accountFacts),
  ];
  return { facts, stages: stages ?? newestStages(lake) };
}

function newestStages(lake: Lake): readonly StageReport[] {
  const record = listRecords(lake)
    .toReversed()
    .find((each) => !isIdle(each));
  return record?.stages ?? [];
}

function accountFacts(account: AccountSummary): ReadonlyArray<readonly [string, string]> {
  const { account_name: name, all_days: days } = account;
  const note = days.spend_usd_note;
  return [
    [`${name}: days`, `${days.since ?? 'none'} to ${days.until ?? 'none'}`],
    [`${name}: settled until`, account.settled_until ?? 'nothing yet'],
    ...(note === null ? [] : [[`${name}: amounts in US dollars`, note] as const]),
  ];
}

/** What is known of how good the tables are. */
export interface Judged {
  /** Rows of the section `checks`. */
  readonly checks: readonly JsonRow[];
  /** Rows of the section `scores`. */
  readonly scores: readonly JsonRow[];
}

/** The state of the data as a part of the page. */
export function qualityPart({ facts, stages }: Quality, judged: Judged): Markup {
  return html`<section id="data"><h2>The data</h2>${dataTable({ caption: 'State of the data', heads: ['What', 'Found'], rows: facts })}
${checked(judged.checks)}
${scored(judged.scores)}
<h3>Where every row went</h3>${accounting(stages)}</section>`;
}

/** How many checks of the tables hold, and those that do not. */
function checked(rows: readonly JsonRow[]): Part {
  if (rows.length === 0) return null;
  const failing = rows.filter(({ holds }) => holds !== true);
  return [
    html`<h3>${SECTIONS.checks.title}</h3><p>${rows.length - failing.length} of ${counted(rows.length, 'check')} hold. <code>npx adlake quality</code> explains each, with rows that fail. They are the answer to <a href="#query-checks">this query</a>.</p>`,
    failing.length === 0
      ? null
      : dataTable({
          caption: 'Checks that do not hold',
          heads: ['Table', 'Check', 'Rows judged', 'Rows that fail', 'What should hold'],
          rows: failing.map((row) => [
            String(row.table_name),
            String(row.check_name).replaceAll('_', ' '),
            count(row.judged),
            count(row.failing),
            String(row.what),
          ]),
          isWordy: true,
        }),
  ];
}

/** The score of each table, and of what it was judged by. */
function scored(rows: readonly JsonRow[]): Part {
  if (rows.length === 0) return null;
  const told = DIMENSIONS.filter((name) => rows.some((row) => scoreOf(row, name) !== null));
  return [
    html`<h3>${SECTIONS.scores.title}</h3><p class="about">100 means that nothing failed; the score of a table is the mean of its dimensions. They are the answer to <a href="#query-scores">this query</a>.</p>`,
    dataTable({
      caption: 'Scores of the tables, 0 to 100',
      heads: ['Table', 'Score', ...told.map(titleOf), 'Checks that hold'],
      rows: rows.map((row) => [
        String(row.table_name),
        scoreText(figure(row.score)),
        ...told.map((name) => scoreText(scoreOf(row, name))),
        holdingText(row),
      ]),
    }),
  ];
}

function scoreOf(row: JsonRow, dimension: string): number | null {
  return figure(row[`${dimension}_score`]);
}

function titleOf(dimension: string): string {
  return `${dimension.charAt(0).toUpperCase()}${dimension.slice(1)}`;
}

function holdingText(row: JsonRow): string {
  const [checks, failing] = [Number(row.checks), Number(row.failing_checks)];
  return failing === 0 ? `all ${count(checks)}` : `${count(checks - failing)} of ${count(checks)}`;
}

/** 100 says that nothing failed, so only 100 itself may read so: scores are cut, not rounded. */
function scoreText(score: number | null): string {
  if (score === null) return UNKNOWN;
  return score === 100 ? '100' : (Math.floor(score * 10) / 10).toFixed(1);
}

function accounting(stages: readonly StageReport[]): Part {
  const moved = stages.filter(({ counts }) => counts.in > 0);
  if (moved.length === 0)
    return html`<p class="empty">No run that moved rows is on record here. <code>npx adlake verify</code> reads the whole lake and compares it with what is recorded.</p>`;
  const isWhole = moved.every(({ counts }) => addsUp(counts));
  return [
    html`<p>${isWhole ? 'In the newest run that moved rows, every row is accounted for: in + added = combined + out + refused + replaced + withdrawn. Combined are rows that were summed up into one, like days into a campaign.' : 'In the newest run, rows are missing from the account: run `adlake verify`.'}</p>`,
    dataTable({
      caption: 'Rows of the newest run, by stage',
      heads: ['Stage', 'In', 'Added', 'Combined', 'Out', 'Refused', 'Replaced', 'Withdrawn'],
      rows: moved.map(({ stage, counts }) => [
        stage,
        ...[
          counts.in,
          ...addedAndCombined(counts),
          counts.out,
          counts.quarantined,
          counts.superseded,
          counts.withdrawn,
        ].map(readableCount),
      ]),
    }),
  ];
}
