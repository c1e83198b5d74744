import type { Purpose } from './plan.ts';

/** What an ad set of a purpose is optimised for, and which action counts as its result. */
export interface Result {
  readonly goal: string;
  readonly indicator: string;
  readonly event: string;
}

const PURCHASE = 'actions:offsite_conversion.fb_pixel_purchase';

const OBJECTIVES: Readonly<Record<Purpose, string>> = {
  sales: 'OUTCOME_SALES',
  shop: 'OUTCOME_SALES',
  app: 'OUTCOME_APP_PROMOTION',
  leads: 'OUTCOME_LEADS',
  traffic: 'OUTCOME_TRAFFIC',
  engagement: 'OUTCOME_ENGAGEMENT',
};

const RESULTS: Readonly<Record<Purpose, Result>> = {
  sales: { goal: 'OFFSITE_CONVERSIONS', indicator: PURCHASE, event: 'PURCHASE' },
  shop: { goal: 'OFFSITE_CONVERSIONS', indicator: 'actions:omni_purchase', event: 'PURCHASE' },
  app: { goal: 'APP_INSTALLS', indicator: 'actions:omni_purchase', event: 'PURCHASE' },
  leads: { goal: 'LEAD_GENERATION', indicator: 'actions:lead', event: 'LEAD' },
  traffic: { goal: 'LINK_CLICKS', indicator: 'actions:link_click', event: 'CONTENT_VIEW' },
  engagement: { goal: 'POST_ENGAGEMENT', indicator: 'actions:post_engagement', event: 'OTHER' },
};

/** The campaign objective of a purpose. */
export function objectiveOf(purpose: Purpose): string {
  return OBJECTIVES[purpose];
}

/** Optimisation goal, result and promoted event of a purpose. */
export function resultOf(purpose: Purpose): Result {
  return RESULTS[purpose];
}
