import type { ReportKind } from '../../pull/connector.ts';

/** A report of Amazon Ads, version 3. */
export interface ReportType extends ReportKind {
  readonly adProduct: string;
  readonly groupBy: string;
  readonly columns: readonly string[];
}

const CAMPAIGN = ['date', 'campaignId', 'campaignName', 'campaignStatus'];
const AD = ['date', 'campaignId', 'campaignName', 'adGroupId', 'adGroupName', 'adId'];
const DELIVERY = ['impressions', 'clicks', 'cost'];
/** Of Sponsored Products, orders and sales by the 14 days after a click. */
const PRODUCTS = [...DELIVERY, 'purchases14d', 'sales14d'];
/** Of Sponsored Brands and Display, by their one rule of 14 days. */
const OTHERS = [...DELIVERY, 'purchases', 'sales'];

/** A report spans at most this many days (Amazon Ads API, report types). */
const MOST_DAYS = 31;

/**
 * What is asked of each profile: the campaigns and the ads of its three ad products, each for as many
 * days back as Amazon keeps it. No products (ASIN, SKU) are asked for: an ad has one row a day without
 * them. Source: Amazon Ads API, reporting v3, report types.
 */
export const REPORT_TYPES: readonly ReportType[] = [
  products('spCampaigns', 'campaigns of Sponsored Products', {
    groupBy: 'campaign',
    columns: CAMPAIGN,
  }),
  products('spAdvertisedProduct', 'ads of Sponsored Products', {
    groupBy: 'advertiser',
    columns: AD,
  }),
  other('sbCampaigns', 'campaigns of Sponsored Brands', {
    adProduct: 'SPONSORED_BRANDS',
    groupBy: 'campaign',
    historyDays: 60,
    columns: CAMPAIGN,
  }),
  other('sbAds', 'ads of Sponsored Brands', {
    adProduct: 'SPONSORED_BRANDS',
    groupBy: 'ads',
    historyDays: 60,
    columns: AD,
  }),
  other('sdCampaigns', 'campaigns of Sponsored Display', {
    adProduct: 'SPONSORED_DISPLAY',
    groupBy: 'campaign',
    historyDays: 65,
    columns: CAMPAIGN,
  }),
  other('sdAdvertisedProduct', 'ads of Sponsored Display', {
    adProduct: 'SPONSORED_DISPLAY',
    groupBy: 'advertiser',
    historyDays: 65,
    columns: AD,
  }),
];

function products(
  name: string,
  label: string,
  of: Pick<ReportType, 'groupBy' | 'columns'>,
): ReportType {
  const columns = [...of.columns, ...PRODUCTS];
  const { groupBy } = of;
  const adProduct = 'SPONSORED_PRODUCTS';
  return { name, label, adProduct, groupBy, columns, mostDays: MOST_DAYS, historyDays: 95 };
}

function other(
  name: string,
  label: string,
  of: Pick<ReportType, 'adProduct' | 'groupBy' | 'historyDays' | 'columns'>,
): ReportType {
  return { ...of, name, label, columns: [...of.columns, ...OTHERS], mostDays: MOST_DAYS };
}
