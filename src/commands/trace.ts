import { counted } from '../amount.ts';
import { type Trace, type TraceQuestion, trace as traceFigure } from '../history/trace.ts';
import type { TracedVersion, Values } from '../history/trace-version.ts';
import { formatTable } from '../text-table.ts';
import { isDay } from '../window.ts';
import { onOneLine } from './activity.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { checkAccounts } from './stage.ts';

/**
 * `adlake trace`: where a figure of a campaign's or an ad's day came from, through every zone to the
 * page and record of landing, and every version that was ever received.
 */
export async function trace(context: CommandContext, typed: Typed): Promise<number> {
  checkAccounts(context);
  const question = questionOf(context, typed);
  const traces = await traceFigure(context.lake, question);
  if (traces.length === 0) {
    throw usage(
      `Nothing was ever received of ${question.level} ${question.id} on ${question.date}.`,
      '`adlake status` shows which days were asked for, `adlake activity list` every campaign with its id.',
    );
  }
  if (context.isJson) context.print(`${JSON.stringify(traces, null, 2)}\n`);
  else context.print(traces.map((one) => storyOf(question, one)).join('\n'));
  return 0;
}

function questionOf(context: CommandContext, typed: Typed): TraceQuestion {
  const { campaign, ad, date, metric } = typed.options;
  const [level, id] = ad === undefined ? (['campaign', campaign] as const) : (['ad', ad] as const);
  if (
    typeof id !== 'string' ||
    !/^\d{1,32}$/.test(id) ||
    (ad !== undefined && campaign !== undefined)
  ) {
    throw usage(
      'One campaign or one ad must be named, by its id of digits.',
      'Write it like this: adlake trace --campaign 120210000000000011 --date 2026-03-31',
    );
  }
  if (typeof date !== 'string' || !isDay(date)) {
    throw usage(
      `--date must be a day written YYYY-MM-DD, found ${JSON.stringify(date ?? '')}.`,
      "Give the ad account's own day, for example --date 2026-03-31.",
    );
  }
  const { accounts } = context.selection;
  return {
    level,
    id,
    date,
    metric: typeof metric === 'string' ? metric : null,
    ...(accounts ? { accounts } : {}),
  };
}

function storyOf(question: TraceQuestion, found: Trace): string {
  const name = found.name === null ? '' : ` ${JSON.stringify(onOneLine(found.name))}`;
  return [
    `${question.level} ${question.id}${name}, account ${found.account_id}, on ${question.date}${found.currency === null ? '' : `, in ${found.currency}`}`,
    settlementOf(found),
    '',
    ...placesOf(found),
    '',
    agreementOf(found),
    '',
    ...versionsOf(found),
    '',
  ].join('\n');
}

function settlementOf({ is_settled: isSettled }: Trace): string {
  if (isSettled === null) return 'It has no row in the curated table.';
  return isSettled
    ? 'Settled: it was pulled 28 or more days after, and changes no more.'
    : 'Provisional: it was pulled less than 28 days after, and may still change.';
}

function placesOf(found: Trace): readonly string[] {
  const { curated, staging, raw, landing } = found;
  return [
    curated === null
      ? 'curated  no row'
      : `curated  ${curated.file}\n         ${valuesText(curated.values)}`,
    staging === null
      ? 'staging  no row'
      : `staging  ${staging.file}, row ${staging.row}\n         ${valuesText(staging.values)}`,
    raw === null ? 'raw      no record' : `raw      ${raw.file}, line ${raw.row}`,
    landing === null
      ? 'landing  no record is in force'
      : `landing  ${landing.folder}/${landing.page}, record ${landing.row}\n         asked for on ${landing.asked_on}, landed at ${landing.landed_at}`,
  ];
}

function valuesText(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? 'NULL'}`)
    .join(', ');
}

function agreementOf({ agrees, versions }: Trace): string {
  if (agrees === true) return 'What landing holds, read again just now, is what the tables say.';
  if (agrees === false) {
    return 'The zones do not agree. Run `adlake run --offline` to bring them up to date, then trace again.';
  }
  return versions.at(-1)?.state === 'withdrawn'
    ? 'The newest complete answer did not bring it any more, so it was withdrawn from the tables.'
    : 'It is not in all zones, so nothing can be compared.';
}

const STATES: Readonly<Record<TracedVersion['state'], string>> = {
  sent: '',
  refused: 'refused by the contract',
  withdrawn: 'not there any more',
  absent: 'not there',
};

/** Answers that say the same one after the other are told once, as the first of them. */
function versionsOf({ versions, metrics }: Trace): readonly string[] {
  const different = versions.filter(({ is_same: isSame }) => !isSame);
  const head = `Received: ${counted(versions.length, 'answer')}, ${counted(different.length, 'time')} something new.`;
  if (different.length === 0) return [head];
  const rows = different.map((version, at) => {
    const next = different[at + 1];
    const until = versions[(next === undefined ? versions.length : versions.indexOf(next)) - 1];
    return [
      version.asked_on,
      until === undefined || until === version ? '' : until.asked_on,
      ...metrics.map(
        (metric) => version.values?.[metric] ?? (version.values === null ? '' : 'NULL'),
      ),
      [STATES[version.state], ...version.reasons].filter((text) => text !== '').join(': '),
      `${version.batch_id}${version.page === null ? '' : ` ${version.page} ${version.row}`}`,
    ];
  });
  const heads = ['asked on', 'the same until', ...metrics, '', 'answer, page, record'];
  return [head, formatTable(heads, rows).trimEnd()];
}
