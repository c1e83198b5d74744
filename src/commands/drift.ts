import { counted } from '../amount.ts';
import { isChosen } from '../dataset.ts';
import { acceptDrift } from '../drift/accepted.ts';
import { type Drift, driftOf, driftText } from '../drift/drift.ts';
import { DATASETS } from '../pipeline.ts';
import { formatTable } from '../text-table.ts';
import type { CommandContext, Typed } from './context.ts';
import { holdingLake } from './holding.ts';

/**
 * `adlake drift`: how what the sources send has changed, with the first day; `--accept` takes it as it
 * is. 1 when the next run would stop because of it.
 */
export async function drift(context: CommandContext, typed: Typed): Promise<number> {
  if (typed.options.accept === true && !context.isDryRun) {
    return holdingLake(context, 'drift --accept', async () => accept(context));
  }
  const found = surveyed(context);
  show(context, found);
  return found.some(stops) ? 1 : 0;
}

function accept(context: CommandContext): number {
  const open = surveyed(context).filter(({ is_accepted }) => !is_accepted);
  acceptDrift(context.lake, open);
  if (context.isJson) show(context, surveyed(context));
  else for (const one of open) context.print(`accepted for ${one.dataset}: ${driftText(one)}\n`);
  context.tell(`${counted(open.length, 'change')} accepted. The next run goes on.`);
  return 0;
}

function surveyed({ lake, drift: policies, selection }: CommandContext): readonly Drift[] {
  const chosen = DATASETS.filter((dataset) => isChosen(dataset, selection.datasets));
  const { accounts } = selection;
  return driftOf(lake, chosen, policies).filter(
    (one) => accounts === undefined || one.accounts.some((id) => accounts.includes(id)),
  );
}

function stops({ policy, is_accepted }: Drift): boolean {
  return policy === 'stop' && !is_accepted;
}

function show(context: CommandContext, found: readonly Drift[]): void {
  if (context.isJson) {
    context.print(`${JSON.stringify({ drift: found }, null, 2)}\n`);
    return;
  }
  if (found.length === 0) {
    context.print('Everything came in the shape that the contracts expect.\n');
    return;
  }
  const heads = ['dataset', 'since', 'until', 'records', 'policy', 'what changed'];
  context.print(formatTable(heads, found.map(lineOf)));
  context.tell(
    found.some(stops)
      ? 'The next run stops because of it. What next: `adlake drift --accept` takes it as it is.'
      : 'New fields are kept in raw; records of a wrong kind are in quarantine (`adlake quarantine list`).',
  );
}

function lineOf(one: Drift): readonly string[] {
  const { dataset, first_day, last_day, records, policy, is_accepted } = one;
  const treated = is_accepted ? `${policy}, accepted` : policy;
  return [dataset, first_day, last_day, String(records), treated, driftText(one)];
}
