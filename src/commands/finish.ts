import { counted, readableCount } from '../amount.ts';
import { AdlakeError } from '../errors.ts';
import { sourceWarnings } from '../platforms/meta/source-warnings.ts';
import { reportRun } from '../report-run.ts';
import type { StageReport } from '../run.ts';
import { type QuarantineShare, type RunAlerts, type RunRecord, recordRun } from '../run-record.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import type { CommandContext } from './context.ts';

/** What a command that worked on the lake did. */
export interface Done {
  readonly command: string;
  readonly startedAt: string;
  readonly source: RunRecord['source'];
  readonly extract: ExtractSummary | null;
  readonly stages: readonly StageReport[];
  /** Path of the page that was made of the tables; absent or null: none was. */
  readonly report?: string | null;
  /** The alerts after a whole run; absent: they were not looked at. */
  readonly alerts?: RunAlerts;
}

/**
 * Records a run and tells of it: words on standard error, with `--json` all of it on standard output.
 * When all work is done it throws what is left to be said: the error of an account that could not be
 * pulled, or `QUARANTINE_SHARE` when too many records were refused.
 */
export async function finish(context: CommandContext, done: Done): Promise<number> {
  const failure = failureOf(done.extract);
  const { lake, config } = context;
  const record = await recordRun({
    ...done,
    report: done.report ?? null,
    alerts: done.alerts ?? null,
    warnings: done.extract === null ? [] : sourceWarnings(lake, { config, now: context.now() }),
    lake: context.lake,
    today: context.today,
    selection: context.selection,
    endedAt: context.now(),
    allowedShare: context.config.maxQuarantineShare,
    exitCodeOf: (share) => (failure ?? refusedTooMuch(share))?.exitCode ?? 0,
  });
  const error = failure ?? refusedTooMuch(record.quarantine);
  context.world.stderr.write(reportRun(record));
  if (context.isJson) context.print(`${JSON.stringify(withError(record, error), null, 2)}\n`);
  if (error !== null) throw error;
  return 0;
}

function withError(record: RunRecord, error: AdlakeError | null): object {
  if (error === null) return record;
  const { code, message, remedy, exitCode } = error;
  return { ...record, error: { code, message, remedy, exit_code: exitCode } };
}

function failureOf(extract: ExtractSummary | null): AdlakeError | null {
  const accounts = extract?.accounts ?? [];
  const failed = accounts.filter((account) => account.error !== undefined);
  const first = failed[0]?.error;
  if (first === undefined) return null;
  const ids = failed.map((account) => account.account_id).join(', ');
  return new AdlakeError({
    code: first.code,
    message: `${failed.length} of ${counted(accounts.length, 'account')} could not be pulled completely (${ids}): ${first.message}`,
    remedy: `${first.remedy} All that had come was kept; the next run goes on from there.`,
  });
}

function refusedTooMuch(share: QuarantineShare): AdlakeError | null {
  if (share.share <= share.allowed) return null;
  return new AdlakeError({
    code: 'QUARANTINE_SHARE',
    message: `${readableCount(share.refused)} of ${counted(share.read, 'record')} refused: more than the allowed share of ${share.allowed}. All others are in the tables.`,
    remedy:
      'Look at them with `adlake quarantine list`, mend them with `adlake quarantine replay`, or raise ADLAKE_MAX_QUARANTINE_SHARE.',
  });
}
