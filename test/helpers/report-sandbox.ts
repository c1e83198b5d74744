import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { listFiles, listFolders } from '../../src/file.ts';
import { silent } from '../../src/progress.ts';
import { openConnectors } from '../../src/pull/connectors.ts';
import { pulledDataset } from '../../src/pull/datasets.ts';
import { extractReports } from '../../src/pull/extract-reports.ts';
import type { ReportPullInput } from '../../src/pull/pull-reports.ts';
import type { SourceConfigs } from '../../src/pull/source-config.ts';
import { runStages } from '../../src/run.ts';
import {
  moneyText,
  type ReportPlatform,
  type ReportSandbox,
  reportDays,
} from '../../src/sandbox/reports/index.ts';
import type { AccountSummary } from '../../src/stages/api-to-landing.ts';
import { addDays } from '../../src/window.ts';
import { type Lake, zoneDir } from '../../src/zone.ts';

/** Settings that point at a sandbox of reports, and at no other platform. */
export function sourcesOf(
  sandbox: ReportSandbox,
  more: Readonly<Record<string, string>> = {},
): SourceConfigs {
  const { url, secrets, world } = sandbox;
  const accountIds = world.accounts.map(({ id }) => id);
  const client = { ...secrets, tokenUrl: `${url}/token`, apiBaseUrl: url, accountIds, ...more };
  const none = { kind: 'none' } as const;
  const common = { lookbackDays: 20, firstPullDays: 40 };
  const google = { ...client, loginCustomerId: '1234567890', apiVersion: 'v26' };
  const { platform } = world;
  return {
    google: platform === 'google' ? { kind: 'ready', config: google } : none,
    tiktok: platform === 'tiktok' ? { kind: 'ready', config: client } : none,
    amazon: platform === 'amazon' ? { kind: 'ready', config: { ...client, region: 'NA' } } : none,
    ...common,
  };
}

/** What a test says of a pull. */
export interface PullSketch {
  readonly lake: Lake;
  /** The day in every account. */
  readonly today: string;
  readonly sources?: Readonly<Record<string, string>>;
  readonly more?: Partial<ReportPullInput>;
  readonly slept?: (seconds: number) => void;
  /** Waits instead of what takes no time. */
  readonly sleep?: (seconds: number) => Promise<void>;
}

/** Pulls what is due from a sandbox of reports; waiting takes no time. */
export async function pullFrom(
  sandbox: ReportSandbox,
  sketch: PullSketch,
): Promise<readonly AccountSummary[]> {
  const { lake, today } = sketch;
  const sources = sourcesOf(sandbox, sketch.sources);
  const noWait = async (seconds: number): Promise<void> => sketch.slept?.(seconds);
  const { sleep = noWait } = sketch;
  const now = (): string => `${today}T12:00:00.000Z`;
  const connectors = openConnectors(sources, { lake, progress: silent, now, sleep });
  try {
    const { lookbackDays, firstPullDays } = sources;
    const input = {
      lake,
      progress: silent,
      now,
      today,
      selection: {},
      lookbackDays,
      firstPullDays,
    };
    const found = await Promise.all(
      connectors.map((one) => extractReports(one, { ...input, ...sketch.more })),
    );
    return found.flat();
  } finally {
    await Promise.all(connectors.map((one) => one.close()));
  }
}

/** A row as the truth and staging both have it. */
export type PlainRow = Readonly<Record<string, string>>;

/** What staging must hold after pulls that began 40 days before `first` and ended on `today`. */
export function truthOf(
  sandbox: ReportSandbox,
  days: { readonly first: string; readonly today: string },
): readonly PlainRow[] {
  const { world } = sandbox;
  const window = { since: addDays(days.first, -40), until: addDays(days.today, -1) };
  const rows = world.accounts.flatMap(({ id, name, currency }) =>
    (['campaign', 'ad'] as const).flatMap((level) =>
      reportDays(world, { accountId: id, level, window, today: days.today }).map((day) => ({
        account_id: id,
        account_name: name,
        currency,
        date: day.date,
        level,
        object: day.ad?.id ?? day.campaign.id,
        campaign: day.campaign.name,
        spend: plain(moneyText(day.costMicros)),
        impressions: String(day.impressions),
        clicks: String(day.clicks),
        conversions: String(day.conversions),
        value: plain(moneyText(day.valueMicros)),
      })),
    ),
  );
  return sorted(rows);
}

/** Brings raw and staging up to date, and gives what staging holds of the platform. */
export async function stagedOf(lake: Lake, platform: ReportPlatform): Promise<readonly PlainRow[]> {
  const stages = ['landing-to-raw', 'raw-to-staging'] as const;
  await runStages({ lake, selection: {}, progress: silent, stages });
  const folder = join(zoneDir(lake, 'staging'), platform, pulledDataset(platform).name);
  const rows = listFolders(folder).flatMap((account) =>
    listFiles(join(folder, account)).flatMap((file) => {
      const text = readFileSync(join(folder, account, file));
      return parse(text, { columns: true }) as readonly PlainRow[];
    }),
  );
  return sorted(rows.map((row) => plainRow(row, platform)));
}

function plainRow(row: PlainRow, platform: ReportPlatform): PlainRow {
  const bought = platform === 'tiktok' ? 'purchases' : 'conversions';
  const value = platform === 'tiktok' ? 'purchase_value' : 'conversion_value';
  return {
    account_id: row.account_id ?? '',
    account_name: row.account_name ?? '',
    currency: row.currency ?? '',
    date: row.date_start ?? '',
    level: row.level ?? '',
    object: row.object_key ?? '',
    campaign: row.campaign_name ?? '',
    spend: row.spend ?? '',
    impressions: row.impressions ?? '',
    clicks: row.clicks ?? '',
    conversions: row[bought] ?? '',
    value: row[value] ?? '',
  };
}

function plain(decimal: string): string {
  return decimal.replace(/0+$/, '').replace(/\.$/, '');
}

function sorted(rows: readonly PlainRow[]): readonly PlainRow[] {
  const key = (row: PlainRow): string =>
    [row.account_id, row.date, row.level, row.object].join('/');
  return [...rows].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
