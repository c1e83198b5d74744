import { resolve } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { counted } from '../amount.ts';
import type { Dataset } from '../dataset.ts';
import { originOf } from '../lake-origin.ts';
import { type Landed, land } from '../landing/land.ts';
import { DATASETS } from '../pipeline.ts';
import { PERSONAL_DATASETS } from '../platforms/internal/datasets.ts';
import type { Window } from '../window.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { holdingLake } from './holding.ts';
import { takeFiles } from './internal-file.ts';

/**
 * `adlake land`: puts pages that somebody saved from the API into landing, as one batch; and files with
 * orders and the like, without the personal data in them.
 */
export async function landFiles(context: CommandContext, typed: Typed): Promise<number> {
  if (isInternal(context)) return landInternal(context, typed);
  const input = {
    lake: context.lake,
    dataset: theDataset(context),
    accountId: theAccount(context),
    files: typed.args.map((file) => resolve(context.world.cwd, file)),
    today: context.today,
    timezone: timezoneOption(typed.options.timezone),
    currency: currencyOption(typed.options.currency),
    dryRun: context.isDryRun,
    ...completeWindow(context),
  };
  if (context.isDryRun) return tell(context, land({ ...input, now: context.now() }));
  return holdingLake(context, 'land', async () => {
    warnOfMixing(context);
    return tell(context, land({ ...input, now: context.now() }));
  });
}

function isInternal(context: CommandContext): boolean {
  const [name, ...others] = context.selection.datasets ?? [];
  return others.length === 0 && PERSONAL_DATASETS.some((dataset) => dataset.name === name);
}

async function landInternal(context: CommandContext, typed: Typed): Promise<number> {
  const { source } = typed.options;
  return takeFiles(context, {
    paths: typed.args.map((file) => resolve(context.world.cwd, file)),
    dataset: context.selection.datasets?.[0] ?? null,
    told: {
      timezone: timezoneOption(typed.options.timezone),
      currency: currencyOption(typed.options.currency),
      source: typeof source === 'string' ? source : null,
    },
  });
}

function tell(context: CommandContext, landed: Landed): number {
  const what = `${counted(landed.pages, 'page')} with ${counted(landed.rows, 'record')}`;
  if (context.isJson) {
    const batches = landed.batches.map((batch) => batch.batch_id);
    context.print(`${JSON.stringify({ ...landed, batches }, null, 2)}\n`);
  } else if (context.isDryRun) {
    context.print(`Would land ${what}.\n`);
  } else {
    const ids = landed.batches.map((batch) => batch.batch_id).join(', ');
    context.print(`Landed ${what} as ${ids}.\n`);
    context.tell('What next: `adlake run --offline` takes them through all zones.');
  }
  return 0;
}

function warnOfMixing(context: CommandContext): void {
  if (originOf(context.lake) !== 'sandbox') return;
  context.progress.warn(
    'This lake holds synthetic data of the sandbox. Land only such data in it.',
  );
}

function theDataset(context: CommandContext): Dataset {
  const names = context.selection.datasets ?? [];
  const dataset = DATASETS.find(({ name }) => name === names[0]);
  if (names.length === 1 && dataset !== undefined && dataset.platform !== 'internal') {
    return dataset;
  }
  const choice = [
    ...DATASETS.filter(({ platform }) => platform !== 'internal'),
    ...PERSONAL_DATASETS,
  ].map(({ name }) => name);
  throw usage(
    `land needs one --dataset, found ${names.length === 0 ? 'none' : names.join(', ')}.`,
    `Give --dataset one of: ${choice.join(', ')}. Exchange rates are dropped as CSV files into zones/landing/internal/fx_rates/.`,
  );
}

function theAccount(context: CommandContext): string {
  const accounts = context.selection.accounts ?? [];
  const [account] = accounts;
  if (account !== undefined && accounts.length === 1) return account;
  throw usage(
    `land needs one --account, the one that the files are about; found ${accounts.length}.`,
    'Give --account ID, digits with or without act_ in front.',
  );
}

function completeWindow(context: CommandContext): { readonly window?: Window } {
  const { since, until } = context.selection;
  if (since === undefined && until === undefined) return {};
  if (since !== undefined && until !== undefined) return { window: { since, until } };
  throw usage(
    'With --since or --until the files count as the whole answer for these days, so both are needed.',
    'Give both days, or neither when the files are only a part of the answer.',
  );
}

/** The value of `--timezone`, or null without one. Throws `USAGE`. */
export function timezoneOption(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    Temporal.Now.plainDateISO(value);
    if (/^[A-Za-z]/.test(value)) return value;
  } catch {}
  throw usage(
    `--timezone must be the name of a time zone, found ${JSON.stringify(value)}.`,
    'Write it like Europe/Berlin or America/Los_Angeles.',
  );
}

/** The value of `--currency`, or null without one. Throws `USAGE`. */
export function currencyOption(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
  throw usage(
    `--currency must be a currency code of three capital letters, found ${JSON.stringify(value)}.`,
    'Write it like EUR or USD.',
  );
}
