import type { Dataset } from '../dataset.ts';
import { reportDataset } from '../imports/datasets.ts';

/** Platforms beside Meta whose reports are pulled, sorted. */
export const PULLED_PLATFORMS = ['amazon', 'google', 'tiktok'] as const;

/** A platform beside Meta whose reports are pulled. */
export type PulledPlatform = (typeof PULLED_PLATFORMS)[number];

/**
 * What is pulled from platforms beside Meta: datasets with the columns of the exports, and apart from
 * them, since an answer withdraws what it does not bring and an export does not.
 */
export const PULLED_DATASETS: readonly Dataset[] = PULLED_PLATFORMS.map((platform) => ({
  ...reportDataset(platform, `${platform}_insights`),
  grain: 'One row per campaign or ad of the ad account and day, as the API has it.',
}));

/** The dataset that a platform's answers go into. */
export function pulledDataset(platform: PulledPlatform): Dataset {
  const dataset = PULLED_DATASETS.find((one) => one.platform === platform);
  if (dataset === undefined) throw new RangeError(`nothing is pulled from ${platform}`);
  return dataset;
}
