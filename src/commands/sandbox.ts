import { formatCsvRow } from '../csv.ts';
import { DEFAULT_FAULT_RATE, sandboxTruth, startSandbox } from '../sandbox/index.ts';
import { addDays, dayAt } from '../window.ts';
import type { CommandContext, Typed } from './context.ts';
import { sandboxOptions } from './sandbox-options.ts';
import { explainPort, untilStopped } from './serving.ts';

/** `adlake sandbox`: serves the local Marketing API until a person ends it, or prints its truth. */
export async function sandbox(context: CommandContext, typed: Typed): Promise<number> {
  const { platform, truth } = typed.options;
  if (platform !== undefined && platform !== 'meta') {
    return (await import('./report-sandbox.ts')).reportSandbox(context, typed);
  }
  return truth === true ? printTruth(context, typed) : serve(context, typed);
}

async function serve(context: CommandContext, typed: Typed): Promise<number> {
  const sandbox = await startSandbox({
    ...sandboxOptions(typed),
    ...(context.today === null ? {} : { today: context.today }),
  }).catch(explainPort);
  const { url, token, accountIds } = sandbox;
  if (context.isJson) {
    context.print(`${JSON.stringify({ url, token, account_ids: accountIds }, null, 2)}\n`);
  } else {
    context.print(
      `META_API_BASE_URL=${url}\nMETA_ACCESS_TOKEN=${token}\nMETA_AD_ACCOUNT_ID=${accountIds.join(',')}\n`,
    );
  }
  context.tell('The sandbox is serving synthetic data. Ctrl-C ends it.');
  return untilStopped();
}

function printTruth(context: CommandContext, typed: Typed): number {
  const today = context.today ?? dayAt(context.now(), 'UTC');
  const { since = addDays(today, -90), until = addDays(today, -1) } = context.selection;
  const rows = sandboxTruth({ ...truthOptions(typed), today, since, until });
  if (context.isJson) {
    context.print(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const lines = rows.map((row) => formatCsvRow(TRUTH_COLUMNS.map((column) => row[column])));
  context.print(`${[TRUTH_COLUMNS.join(','), ...lines].join('\n')}\n`);
  return 0;
}

/** The world is chosen by the seed, and its figures by how many are restated once more. */
function truthOptions(typed: Typed): { readonly seed?: number; readonly restatedShare: number } {
  const { seed, faults, faultRate, faultRates } = sandboxOptions(typed);
  const isCommon = faults?.includes('restated') ?? false;
  const restatedShare = faultRates?.restated ?? (isCommon ? (faultRate ?? DEFAULT_FAULT_RATE) : 0);
  return { ...(seed === undefined ? {} : { seed }), restatedShare };
}

const TRUTH_COLUMNS = [
  'account_id',
  'date',
  'campaign_id',
  'currency',
  'spend',
  'impressions',
  'clicks',
  'purchases',
  'purchase_value',
] as const;
