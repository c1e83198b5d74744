import type { Dataset } from './dataset.ts';
import { CAMPAIGN_DAY_VERSIONS } from './history/version.ts';
import { REPORT_DATASETS } from './imports/datasets.ts';
import { INTERNAL_DATASETS } from './platforms/internal/datasets.ts';
import { META_DATASETS } from './platforms/meta/datasets.ts';
import { PULLED_DATASETS } from './pull/datasets.ts';
import type { Stage } from './stage.ts';
import { landingToRaw } from './stages/landing-to-raw.ts';
import { rawToStaging } from './stages/raw-to-staging.ts';
import { stagingToCurated } from './stages/staging-to-curated.ts';

/** Every dataset of the lake. */
export const DATASETS: readonly Dataset[] = [
  ...META_DATASETS,
  ...REPORT_DATASETS,
  ...PULLED_DATASETS,
  ...INTERNAL_DATASETS,
  CAMPAIGN_DAY_VERSIONS,
];

/**
 * The stages after landing, in the order data moves. `api-to-landing` comes before them: it asks the
 * platforms, and what they answer is all that the rest ever sees.
 */
export const PIPELINE: readonly Stage[] = [landingToRaw, rawToStaging, stagingToCurated];
