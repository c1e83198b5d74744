import type { Dataset } from '../dataset.ts';
import { knownOr, type RawRecord, type StagingRow, textOf } from '../staging/row.ts';

/**
 * Every version of a campaign day's figures: landing holds them all, and this is what of them is
 * different. A row stands for the pulls from its own on, until the next row of its campaign and day.
 */
export const CAMPAIGN_DAY_VERSIONS: Dataset = {
  name: 'campaign_day_versions',
  platform: 'internal',
  fold: 'fact',
  versionsOf: 'insights_campaign_day',
  key: [
    { from: 'account' },
    { from: 'record', field: 'date_start' },
    { from: 'record', field: 'campaign_id' },
    { from: 'record', field: 'batch_id' },
  ],
  dayField: 'date_start',
  campaignField: 'campaign_id',
  stagingKey: ['account_id', 'date', 'campaign_id', 'batch_id'],
  grain:
    'One row per campaign, day (account time zone) and answer in which its figures were new or different.',
};

/**
 * What a version says of its figures: `known`; `withdrawn` when a complete answer did not bring the
 * row any more; `unreadable` when it came and one of them does not keep the contract.
 */
export type VersionState = 'known' | 'withdrawn' | 'unreadable';

/** The figures a version is about, as in the staging contract of its source. Decimal text or digits. */
export const VERSION_FIGURES = [
  'currency',
  'spend',
  'impressions',
  'clicks',
  'purchases',
  'purchase_value',
] as const;

/** The figures of a version by name; null: not known. */
export type VersionFigures = Readonly<Record<(typeof VERSION_FIGURES)[number], string | null>>;

/** A version as a raw record: the lake's own words, since the page it came from stays in landing. */
export interface VersionRecord extends VersionFigures {
  readonly date_start: string;
  readonly campaign_id: string;
  readonly batch_id: string;
  readonly state: VersionState;
  /** First 16 hexadecimal digits of the SHA-256 of the record as sent; null when none was sent. */
  readonly record_hash: string | null;
}

/** The staging row of a version. */
export function flattenVersion({ record, lineage, accountId }: RawRecord): readonly StagingRow[] {
  return [
    {
      account_id: accountId,
      date: textOf(record, 'date_start'),
      campaign_id: textOf(record, 'campaign_id'),
      batch_id: textOf(record, 'batch_id'),
      known_on: lineage.pulled_on,
      landed_at: lineage.landed_at,
      page: knownOr(lineage.page),
      row: lineage.row === 0 ? null : lineage.row,
      state: textOf(record, 'state'),
      currency: textOf(record, 'currency') ?? knownOr(lineage.currency),
      spend: textOf(record, 'spend'),
      impressions: textOf(record, 'impressions'),
      clicks: textOf(record, 'clicks'),
      purchases: textOf(record, 'purchases'),
      purchase_value: textOf(record, 'purchase_value'),
    },
  ];
}
