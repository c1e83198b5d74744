import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import type { Dataset, KeyPart } from '../dataset.ts';

/** Folder of the mapping files: one for each platform whose exports can be imported. */
export const MAPPINGS = join(CHECKOUT, 'src', 'imports', 'platforms');

/** Breakdowns that are a part of the key of a report's row, in the order of the key. */
export const BREAKDOWNS = [
  'age',
  'gender',
  'country',
  'region',
  'publisher_platform',
  'platform_position',
  'device_platform',
  'hour',
  'segment',
] as const;

/** Columns of the natural key that a record brings itself. */
const RECORD_KEY = [
  'date_start',
  'date_stop',
  'level',
  'object_key',
  'occurrence',
  ...BREAKDOWNS,
] as const;

/**
 * Reports that come as files, one dataset for each mapping file: a new platform is a mapping file
 * and its two schemas. Sorted by platform.
 */
export const REPORT_DATASETS: readonly Dataset[] = readdirSync(MAPPINGS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => reportOf(name.slice(0, -'.json'.length)))
  .sort((left, right) => (left.name < right.name ? -1 : 1));

/** The dataset that exports of a platform go into. */
function reportOf(platform: string): Dataset {
  return reportDataset(platform, `${platform}_report`);
}

/** A dataset of reports: rows of objects and days with the columns that all platforms' reports have. */
export function reportDataset(platform: string, name: string): Dataset {
  return {
    name,
    platform,
    fold: 'fact',
    key: [{ from: 'account' }, ...RECORD_KEY.map((field): KeyPart => ({ from: 'record', field }))],
    dayField: 'date_start',
    stagingKey: ['account_id', ...RECORD_KEY],
    grain: 'One row per object of the ad account, period and breakdown, as an export has it.',
  };
}
