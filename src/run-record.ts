import { Big } from 'big.js';
import type { Alert } from './alerts/alert.ts';
import type { Delivery } from './alerts/delivery.ts';
import { listFiles, readIfThere } from './file.ts';
import type { SourceWarning } from './platforms/meta/api-version.ts';
import type { Quality } from './quality/scores.ts';
import { listQuarantine } from './quarantine.ts';
import { type RunManifest, type StageReport, writeManifest } from './run.ts';
import type { Selection } from './stage.ts';
import type { ExtractSummary } from './stages/api-to-landing.ts';
import { type AccountSummary, lakeSummary } from './summary.ts';
import { writeDoneTasks } from './verify/done-tasks.ts';
import { cacheFile, type Lake } from './zone.ts';

/** Everything that is to be said of a run; kept in `cache/runs/`, printed by `--json`. */
export interface RunRecord extends RunManifest {
  readonly command: string;
  readonly lake: string;
  /** `none`: no API was asked. */
  readonly source: 'real' | 'sandbox' | 'none';
  /** The day the run pretended it was; null: the real one. */
  readonly today: string | null;
  readonly selection: Selection;
  /** What was pulled; null when no API was asked. */
  readonly extract: ExtractSummary | null;
  readonly stages: readonly StageReport[];
  /** Figures of every account in the lake, after the run. */
  readonly accounts: readonly AccountSummary[];
  /** How good the tables are, after the run; null when they were not judged. */
  readonly quality: Quality | null;
  readonly quarantine: QuarantineShare;
  /** What a person should know of the source before it stops working. */
  readonly warnings: readonly SourceWarning[];
  /** What moved since the run before; null for the first run. */
  readonly changes: Changes | null;
  /** Path of the page that was made of the tables; null when none was. */
  readonly report: string | null;
  /** The alerts after it; null when they were not looked at. */
  readonly alerts: RunAlerts | null;
}

/** The alerts after a run. */
export interface RunAlerts {
  /** Open and acknowledged, the worst first. */
  readonly current: readonly Alert[];
  /** Ids of those that the run before did not have. */
  readonly new_ids: readonly string[];
  readonly deliveries: readonly Delivery[];
}

/** How much of what a run read was refused. */
export interface QuarantineShare {
  /** Records refused in this run. */
  readonly refused: number;
  /** Records read in this run. */
  readonly read: number;
  /** refused / read; 0 when nothing was read. */
  readonly share: number;
  readonly allowed: number;
  /** Records in quarantine now, of this run or an earlier one. */
  readonly held: number;
}

/** How the figures of all days differ from those after the run before. */
export interface Changes {
  /** When that run ended, an instant in UTC. */
  readonly since: string;
  readonly accounts: readonly AccountChange[];
}

/** Differences of one account, decimal text in account currency; null when a side is not known. */
export interface AccountChange {
  readonly account_id: string;
  readonly currency: string | null;
  readonly is_new: boolean;
  readonly spend: string | null;
  readonly conversions: string | null;
  readonly purchase_value: string | null;
  readonly settled_until: string | null;
  readonly settled_until_before: string | null;
}

/** What a run knows when its work is done. */
export interface RunOutcome {
  readonly command: string;
  readonly lake: Lake;
  readonly source: RunRecord['source'];
  readonly today: string | null;
  readonly selection: Selection;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly extract: ExtractSummary | null;
  readonly stages: readonly StageReport[];
  readonly warnings: readonly SourceWarning[];
  readonly report: string | null;
  readonly alerts: RunAlerts | null;
  readonly allowedShare: number;
  readonly exitCodeOf: (share: QuarantineShare) => number;
}

/** Gathers what a run did, compares it with the run before, and writes its manifest. */
export async function recordRun(outcome: RunOutcome): Promise<RunRecord> {
  const { lake, extract } = outcome;
  const stages = outcome.stages.map(({ did, ...stage }): StageReport => stage);
  const before = lastRecord(lake);
  const { accounts, quality } = await lakeSummary(lake);
  const quarantine = quarantineShare(outcome);
  const record: RunRecord = {
    run_id: runIdOf(outcome.startedAt),
    started_at: outcome.startedAt,
    ended_at: outcome.endedAt,
    exit_code: outcome.exitCodeOf(quarantine),
    command: outcome.command,
    lake: lake.home,
    source: outcome.source,
    today: outcome.today,
    selection: outcome.selection,
    extract,
    stages,
    accounts,
    quality,
    quarantine,
    warnings: outcome.warnings,
    changes: before === null ? null : changesSince(before, accounts),
    report: outcome.report,
    alerts: outcome.alerts,
  };
  const done = outcome.stages.flatMap(({ did }) => did ?? []);
  if (done.length > 0) writeDoneTasks(lake, record.run_id, done);
  writeManifest(lake, record);
  return record;
}

/** The id of a run that began at an instant in UTC with milliseconds. */
export function runIdOf(startedAt: string): string {
  return startedAt.replaceAll(/[-:.]/g, '');
}

/** When a run with this id began, for people: to the second, UTC. */
export function instantOfRun(id: string): string {
  return id.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}).*$/, '$1-$2-$3T$4:$5:$6Z');
}

/** Id of the run that began last, by what the clock said then; null when none is on record. */
export function lastRunId(lake: Lake): string | null {
  return recordFiles(lake).at(-1)?.slice(0, -'.json'.length) ?? null;
}

/** True when the run found nothing to ask and nothing to do. */
export function isIdle(record: RunRecord): boolean {
  return (record.extract?.calls ?? 0) === 0 && record.stages.every((stage) => stage.done === 0);
}

/** Every run on record, oldest first; a manifest that cannot be read is as good as none. */
export function listRecords(lake: Lake): readonly RunRecord[] {
  return recordFiles(lake).flatMap((name) => readRecord(lake, name) ?? []);
}

/** Ids of the alerts that the newest run with alerts had, whatever their state; none before there was one. */
export function alertIdsBefore(lake: Lake): readonly string[] {
  for (const name of recordFiles(lake).toReversed()) {
    const alerts = readRecord(lake, name)?.alerts ?? null;
    if (alerts !== null) return alerts.current.map(({ alert_id }) => alert_id);
  }
  return [];
}

/** The newest manifest with figures, or null. */
function lastRecord(lake: Lake): RunRecord | null {
  for (const name of recordFiles(lake).toReversed()) {
    const record = readRecord(lake, name);
    if (record !== null) return record;
  }
  return null;
}

function recordFiles(lake: Lake): readonly string[] {
  return listFiles(cacheFile(lake, 'runs')).filter((name) => name.endsWith('.json'));
}

function readRecord(lake: Lake, name: string): RunRecord | null {
  try {
    const text = readIfThere(cacheFile(lake, 'runs', name))?.toString('utf8') ?? 'null';
    const record = JSON.parse(text) as RunRecord | null;
    return Array.isArray(record?.accounts) ? record : null;
  } catch {
    return null;
  }
}

/**
 * Records are counted once: those that the first stage of the run read. What is refused at the second
 * stage has passed the first, so the refusals of both are added.
 */
function quarantineShare(outcome: RunOutcome): QuarantineShare {
  const counts = outcome.stages
    .filter(({ stage }) => stage === 'landing-to-raw' || stage === 'raw-to-staging')
    .map((stage) => stage.counts);
  const refused = counts.reduce((sum, count) => sum + count.quarantined, 0);
  const read = counts.reduce((most, count) => Math.max(most, count.in), 0);
  return {
    refused,
    read,
    share: read === 0 ? 0 : refused / read,
    allowed: outcome.allowedShare,
    held: listQuarantine(outcome.lake, {}).length,
  };
}

function changesSince(before: RunRecord, accounts: readonly AccountSummary[]): Changes {
  return {
    since: before.ended_at,
    accounts: accounts.map((account) => {
      const old = before.accounts.find(({ account_id }) => account_id === account.account_id);
      return changeOf(account, old ?? null);
    }),
  };
}

function changeOf(account: AccountSummary, old: AccountSummary | null): AccountChange {
  const now = account.all_days;
  const then = old?.all_days;
  return {
    account_id: account.account_id,
    currency: account.currency,
    is_new: old === null,
    spend: difference(now.spend, then?.spend),
    conversions: difference(now.conversions, then?.conversions),
    purchase_value: difference(now.purchase_value, then?.purchase_value),
    settled_until: account.settled_until,
    settled_until_before: old?.settled_until ?? null,
  };
}

function difference(now: string | null, then: string | null | undefined): string | null {
  if (now === null || then === null || then === undefined) return null;
  return new Big(now).minus(new Big(then)).toFixed();
}
