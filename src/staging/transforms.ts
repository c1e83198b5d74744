import { contractAt } from '../contract.ts';
import type { Cell } from '../csv.ts';
import { flattenVersion } from '../history/version.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { reportFlattener } from '../imports/report.ts';
import {
  flattenBatch,
  flattenBenchmark,
  flattenPreference,
  flattenRate,
} from '../platforms/internal/flatten.ts';
import {
  flattenEvent,
  flattenSetting,
  flattenSignal,
} from '../platforms/internal/flatten-alert.ts';
import {
  flattenCreativeImage,
  flattenCreativeText,
} from '../platforms/internal/flatten-creative.ts';
import { flattenPrediction } from '../platforms/internal/flatten-prediction.ts';
import {
  flattenOfflineConversion,
  flattenOrder,
  flattenRevenue,
  flattenTouchpoint,
} from '../platforms/internal/flatten-sale.ts';
import { flattenActivity } from '../platforms/meta/activity-log.ts';
import {
  flattenAccount,
  flattenAd,
  flattenAdSet,
  flattenCampaign,
} from '../platforms/meta/entities.ts';
import { flattenInsight } from '../platforms/meta/insight.ts';
import {
  flattenAudience,
  flattenCreative,
  flattenCustomConversion,
  flattenPixel,
} from '../platforms/meta/objects.ts';
import { flattenPixelHour } from '../platforms/meta/pixel-hour.ts';
import { PULLED_DATASETS } from '../pull/datasets.ts';
import type { StagingRow, Transform } from './row.ts';

/**
 * How each dataset gets from raw to staging. A new dataset adds its line here, beside its two
 * contracts in `schemas/raw` and `schemas/staging`.
 */
export const TRANSFORMS: Readonly<Record<string, Transform>> = {
  ad_accounts: flattenAccount,
  campaigns: flattenCampaign,
  ad_sets: flattenAdSet,
  ads: flattenAd,
  ad_creatives: flattenCreative,
  custom_audiences: flattenAudience,
  custom_conversions: flattenCustomConversion,
  pixels: flattenPixel,
  insights_account_day: insights('insights_account_day'),
  insights_campaign_day: insights('insights_campaign_day'),
  insights_ad_set_day: insights('insights_ad_set_day'),
  insights_ad_day: insights('insights_ad_day'),
  insights_age_gender_day: insights('insights_age_gender_day'),
  insights_country_day: insights('insights_country_day'),
  insights_region_day: insights('insights_region_day'),
  insights_placement_day: insights('insights_placement_day'),
  insights_device_day: insights('insights_device_day'),
  insights_campaign_hour: insights('insights_campaign_hour'),
  activities: flattenActivity,
  pixel_events_hour: flattenPixelHour,
  ...Object.fromEntries(
    [...REPORT_DATASETS, ...PULLED_DATASETS].map(({ name, platform }) => [
      name,
      reportFlattener(platform),
    ]),
  ),
  fx_rates: flattenRate,
  creative_texts: flattenCreativeText,
  creative_images: flattenCreativeImage,
  preferences: flattenPreference,
  benchmarks: flattenBenchmark,
  orders: flattenOrder,
  revenue: flattenRevenue,
  offline_conversions: flattenOfflineConversion,
  touchpoints: flattenTouchpoint,
  predictions: flattenPrediction,
  alert_settings: flattenSetting,
  alert_events: flattenEvent,
  lake_signals: flattenSignal,
  batches: flattenBatch,
  campaign_day_versions: flattenVersion,
};

/** One transform for every level and breakdown: the dataset's contract says which columns it has. */
function insights(name: string): Transform {
  let empty: StagingRow | null = null;
  return (raw) => {
    empty ??= emptyRow(contractAt(`staging/${name}.schema.json`).columns);
    return [filled(empty, flattenInsight(raw))];
  };
}

function emptyRow(columns: readonly string[]): StagingRow {
  return Object.fromEntries(columns.map((column) => [column, null]));
}

/** A copy of the empty row with its columns taken from the parts; other columns are left out. */
function filled(empty: StagingRow, parts: readonly StagingRow[]): StagingRow {
  const row: Record<string, Cell> = { ...empty };
  for (const part of parts) {
    for (const column in part) if (column in row) row[column] = part[column] ?? null;
  }
  return row;
}
