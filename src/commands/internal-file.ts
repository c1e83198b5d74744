import { basename } from 'node:path';
import { counted } from '../amount.ts';
import type { Told } from '../platforms/internal/redaction.ts';
import { type TakenIn, takeIn } from '../platforms/internal/take-in.ts';
import { type CommandContext, usage } from './context.ts';
import { holdingLake } from './holding.ts';

/** Files with orders and the like, and what was said about them. */
export interface InternalFiles {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** The dataset they must be; null: their columns say it. */
  readonly dataset: string | null;
  readonly told: Told;
}

/**
 * Lands files with orders, revenue, offline conversions or touchpoints, without the personal data in
 * them, and says what was understood and what was left out. Throws what `takeIn` throws.
 */
export async function takeFiles(context: CommandContext, files: InternalFiles): Promise<number> {
  checkSource(files.told.source);
  if (context.isDryRun) return tell(context, takeAll(context, files));
  return holdingLake(context, 'land', async () => tell(context, takeAll(context, files)));
}

type Named = readonly [path: string, taken: TakenIn];

function takeAll(context: CommandContext, files: InternalFiles): readonly Named[] {
  const { lake, isDryRun } = context;
  const { dataset, told } = files;
  return files.paths.map((path) => [
    path,
    takeIn({ lake, path, dataset, told, now: context.now(), isDryRun }),
  ]);
}

function checkSource(source: string | null): void {
  if (source === null || /^[a-z0-9][a-z0-9_.-]{0,60}$/i.test(source)) return;
  throw usage(
    `--source must be a short name of letters, digits, points and dashes, found ${source.length} characters.`,
    'Write it like shop-uk.',
  );
}

function tell(context: CommandContext, taken: readonly Named[]): number {
  if (context.isJson) {
    context.print(
      `${JSON.stringify(
        taken.map(([path, one]) => internalAsJson(path, one)),
        null,
        2,
      )}\n`,
    );
    return 0;
  }
  for (const [path, one] of taken) context.print(internalInWords(path, one, context.isDryRun));
  if (taken.some(([, { batch }]) => batch !== null)) {
    context.tell('What next: `adlake run --offline` takes them through all zones.');
  }
  return 0;
}

/** What was understood of a file, for machines. */
export function internalAsJson(path: string, taken: TakenIn): object {
  const { mapping, redacted, since, until, batch, isKnown } = taken;
  return {
    file: path,
    kind: mapping.title,
    dataset: mapping.dataset,
    records: redacted.records.length,
    since,
    until,
    persons_keyed: redacted.keyed,
    continued_rows: redacted.continued,
    dropped_columns: redacted.dropped,
    batch_id: batch?.batch_id ?? null,
    is_known: isKnown,
  };
}

/** What was understood of a file, what was landed and what was left out, as lines. */
export function internalInWords(path: string, taken: TakenIn, isDryRun: boolean): string {
  const { mapping, redacted, batch, isKnown } = taken;
  const { records, continued, dropped, keyed } = redacted;
  const days = taken.since === null ? 'no day' : `${taken.since} to ${taken.until}`;
  const did = isDryRun
    ? 'It would be landed.'
    : isKnown
      ? 'Nothing new: all of it is in landing already.'
      : `Landed as ${batch?.batch_id}.`;
  const lines = [
    `${basename(path)} is ${mapping.title}: ${counted(records.length, 'record')} for ${mapping.dataset}, ${days} (UTC). ${did}`,
    ...(continued > 0 ? [`  ${counted(continued, 'row')} with further articles of an order.`] : []),
    ...(keyed > 0 ? [`  In ${counted(keyed, 'row')} a person became a key.`] : []),
    ...(dropped.length > 0
      ? [`  Nothing is kept of ${counted(dropped.length, 'column')}: ${dropped.join(', ')}.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}
