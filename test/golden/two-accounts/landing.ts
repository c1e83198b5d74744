import type { BatchHead } from '../../../src/batch.ts';

/**
 * A small world with answers that can be worked out by hand: an account in US dollars and one in
 * euros, three campaigns, four days over a month's end, one restated day, one withdrawn row, one
 * refused record. All of it is made up.
 */
export interface GoldenBatch {
  readonly head: Pick<BatchHead, 'dataset' | 'account_id' | 'today' | 'timezone' | 'currency'> & {
    readonly object_id?: string;
    readonly since?: string;
    readonly until?: string;
    readonly complete?: boolean;
  };
  readonly now: string;
  readonly pages: readonly (readonly unknown[])[];
}

/** Exchange rates, as a person would drop them. */
export const FX_RATES = [
  'date,currency,usd_per_unit',
  '2026-09-28,EUR,1.10',
  '2026-09-30,EUR,1.20',
  '',
].join('\n');

let answers = 0;

const USD = { account_id: '1001', timezone: 'America/New_York', currency: 'USD' };
const EUR = { account_id: '2002', timezone: 'Europe/Berlin', currency: 'EUR' };
const SHOP = '120210000000000011';
const LEADS = '120210000000000012';
const TOUR = '120210000000000021';
const SHOP_SET = '120210000000000111';
const TOUR_SET = '120210000000000121';
const SHOP_AD = '120210000000001111';
const TOUR_AD = '120210000000001121';

/** Platforms whose exports can be imported. */
const REPORTED = [
  'amazon',
  'google',
  'linkedin',
  'meta',
  'microsoft',
  'pinterest',
  'reddit',
  'snapchat',
  'tiktok',
  'x',
];

/** Every answer, in the order it arrived. */
export const LANDING: readonly GoldenBatch[] = [
  ...accounts(),
  ...entities(),
  ...campaignDays(),
  ...adDays(),
  ...accountDays(),
  ...breakdowns(),
  pixelHours(),
  ...reports(),
];

function accounts(): readonly GoldenBatch[] {
  return [
    answer({ dataset: 'ad_accounts', ...USD }, [
      [
        {
          id: 'act_1001',
          account_id: '1001',
          name: 'Made-up shop',
          currency: 'USD',
          timezone_name: 'America/New_York',
          account_status: 1,
          amount_spent: '123456',
          created_time: '2024-01-02T03:04:05-0500',
        },
      ],
    ]),
    answer({ dataset: 'ad_accounts', ...EUR }, [
      [
        {
          id: 'act_2002',
          account_id: '2002',
          name: 'Made-up label',
          currency: 'EUR',
          timezone_name: 'Europe/Berlin',
          account_status: 1,
        },
      ],
    ]),
  ];
}

function entities(): readonly GoldenBatch[] {
  const campaign = (id: string, name: string, more: object): object => ({
    id,
    name,
    objective: 'OUTCOME_SALES',
    status: 'ACTIVE',
    effective_status: 'ACTIVE',
    created_time: '2026-09-01T08:00:00-0400',
    ...more,
  });
  return [
    answer({ dataset: 'campaigns', ...USD }, [
      [
        campaign(SHOP, 'Shop, "autumn"\nsale', { daily_budget: '5000', lifetime_budget: '0' }),
        campaign(LEADS, '=Leads', { stop_time: '2026-09-30T00:00:00-0400' }),
      ],
    ]),
    answer({ dataset: 'campaigns', ...EUR }, [
      [campaign(TOUR, 'Tour 🎸', { status: 'PAUSED', effective_status: 'PAUSED' })],
    ]),
    answer({ dataset: 'ad_sets', ...USD }, [
      [
        {
          id: SHOP_SET,
          campaign_id: SHOP,
          name: 'Broad',
          status: 'ACTIVE',
          effective_status: 'ACTIVE',
          optimization_goal: 'OFFSITE_CONVERSIONS',
        },
      ],
    ]),
    answer({ dataset: 'ad_sets', ...EUR }, [
      [
        {
          id: TOUR_SET,
          campaign_id: TOUR,
          name: 'Fans',
          status: 'ACTIVE',
          effective_status: 'CAMPAIGN_PAUSED',
          lifetime_budget: '123456',
        },
      ],
    ]),
    answer({ dataset: 'ads', ...USD }, [
      [
        {
          id: SHOP_AD,
          campaign_id: SHOP,
          adset_id: SHOP_SET,
          name: 'Video 1',
          status: 'ACTIVE',
          effective_status: 'ACTIVE',
          creative: { id: '120210000000009111' },
        },
      ],
    ]),
    answer({ dataset: 'ads', ...EUR }, [
      [
        {
          id: TOUR_AD,
          campaign_id: TOUR,
          adset_id: TOUR_SET,
          name: 'Poster',
          status: 'ACTIVE',
          effective_status: 'CAMPAIGN_PAUSED',
        },
      ],
    ]),
  ];
}

function campaignDays(): readonly GoldenBatch[] {
  const first = {
    dataset: 'insights_campaign_day',
    since: '2026-09-29',
    until: '2026-10-02',
    today: '2026-10-03',
  };
  const later = { ...first, today: '2026-10-28' };
  return [
    answer({ ...first, ...USD }, [
      [
        day('2026-09-29', {
          campaign_id: SHOP,
          spend: '10.10',
          impressions: '1000',
          reach: '800',
          clicks: '20',
          ...purchases('1', '30.5'),
        }),
        day('2026-09-30', {
          campaign_id: SHOP,
          spend: '0.20',
          impressions: '100',
          reach: '90',
          clicks: '0',
        }),
        day('2026-09-30', {
          campaign_id: LEADS,
          spend: '7.77',
          impressions: '70',
          reach: '70',
          clicks: '7',
          actions: [{ action_type: 'lead', value: '3' }],
        }),
      ],
      [
        day('2026-10-02', {
          campaign_id: SHOP,
          spend: '5.00',
          impressions: '500',
          reach: '400',
          clicks: '10',
        }),
        day('2026-10-01', {
          campaign_id: SHOP,
          spend: '12,30',
          impressions: '100',
          reach: '90',
          clicks: '1',
        }),
      ],
    ]),
    answer({ ...later, ...USD }, [
      [
        day('2026-09-29', {
          campaign_id: SHOP,
          spend: '10.10',
          impressions: '1000',
          reach: '800',
          clicks: '20',
          ...purchases('2', '61.25'),
        }),
        day('2026-09-30', {
          campaign_id: LEADS,
          spend: '7.77',
          impressions: '70',
          reach: '70',
          clicks: '7',
          actions: [{ action_type: 'lead', value: '3' }],
        }),
        day('2026-10-02', {
          campaign_id: SHOP,
          spend: '5.00',
          impressions: '500',
          reach: '400',
          clicks: '10',
          ...purchases('1', '20'),
        }),
      ],
    ]),
    answer({ ...first, ...EUR }, [
      [
        day('2026-09-29', {
          campaign_id: TOUR,
          account_currency: 'EUR',
          spend: '100.00',
          impressions: '2000',
          reach: '1500',
          clicks: '40',
          ...purchases('3', '150'),
        }),
        day('2026-09-30', {
          campaign_id: TOUR,
          account_currency: 'EUR',
          spend: '50.00',
          impressions: '1000',
          reach: '900',
          clicks: '10',
        }),
      ],
    ]),
  ];
}

function adDays(): readonly GoldenBatch[] {
  const asked = {
    dataset: 'insights_ad_day',
    since: '2026-09-29',
    until: '2026-10-02',
    today: '2026-10-28',
  };
  return [
    answer({ ...asked, ...USD }, [
      [
        day('2026-09-29', {
          campaign_id: SHOP,
          adset_id: SHOP_SET,
          ad_id: SHOP_AD,
          spend: '10.10',
          impressions: '1000',
          reach: '800',
          clicks: '20',
          ...purchases('2', '61.25'),
        }),
        day('2026-10-02', {
          campaign_id: SHOP,
          adset_id: SHOP_SET,
          ad_id: SHOP_AD,
          spend: '5.00',
          impressions: '500',
          reach: '400',
          clicks: '10',
          ...purchases('1', '20'),
        }),
      ],
    ]),
    answer({ ...asked, ...EUR }, [
      [
        day('2026-09-29', {
          campaign_id: TOUR,
          adset_id: TOUR_SET,
          ad_id: TOUR_AD,
          account_currency: 'EUR',
          spend: '100.00',
          impressions: '2000',
          reach: '1500',
          clicks: '40',
          ...purchases('3', '150'),
        }),
      ],
    ]),
  ];
}

function accountDays(): readonly GoldenBatch[] {
  return [
    answer(
      {
        dataset: 'insights_account_day',
        ...USD,
        since: '2026-09-29',
        until: '2026-09-29',
        today: '2026-10-28',
      },
      [[day('2026-09-29', { spend: '10.10', impressions: '1000', reach: '800', clicks: '20' })]],
    ),
  ];
}

function breakdowns(): readonly GoldenBatch[] {
  const asked = { ...USD, since: '2026-09-29', until: '2026-09-29', today: '2026-10-28' };
  const part = (more: object): object => day('2026-09-29', { campaign_id: SHOP, ...more });
  return [
    answer({ dataset: 'insights_age_gender_day', ...asked }, [
      [
        part({ age: '25-34', gender: 'female', spend: '6.10', impressions: '600', clicks: '12' }),
        part({ age: '25-34', gender: 'male', spend: '4.00', impressions: '400', clicks: '8' }),
        part({ spend: '0', impressions: '0', clicks: '0', ...purchases('1', '9.99') }),
      ],
    ]),
    answer({ dataset: 'insights_country_day', ...asked }, [
      [part({ country: 'US', spend: '10.10', impressions: '1000', clicks: '20' })],
    ]),
    answer({ dataset: 'insights_placement_day', ...asked }, [
      [
        part({
          publisher_platform: 'instagram',
          platform_position: 'instagram_reels',
          spend: '10.10',
          impressions: '1000',
          clicks: '20',
        }),
      ],
    ]),
  ];
}

function pixelHours(): GoldenBatch {
  return answer(
    {
      dataset: 'pixel_events_hour',
      ...USD,
      object_id: '917042523049733',
      since: '2026-10-01',
      until: '2026-10-01',
      today: '2026-10-02',
    },
    [
      [
        {
          aggregation: 'event',
          start_time: '2026-10-01T10:00:00-0400',
          data: [
            { value: 'Purchase', count: 3 },
            { value: 'PageView', count: '120' },
          ],
        },
        { aggregation: 'event', start_time: '2026-10-01T11:00:00-0400', data: [] },
      ],
    ],
  );
}

function day(date: string, metrics: object): object {
  return { date_start: date, date_stop: date, ...metrics };
}

/** One purchase under six names, as Meta sends it; half of them by clicks of the first day. */
function purchases(count: string, value: string): object {
  const types = [
    'omni_purchase',
    'purchase',
    'offsite_conversion.fb_pixel_purchase',
    'onsite_web_purchase',
    'onsite_web_app_purchase',
    'web_in_store_purchase',
  ];
  return {
    actions: types.map((action_type) => ({ action_type, value: count, '1d_click': '1' })),
    action_values: types.map((action_type) => ({ action_type, value, '1d_click': '10.01' })),
  };
}

/** A row of an export for each platform, as reading gives it, with a later export of the same day. */
function reports(): readonly GoldenBatch[] {
  const { currency, ...account } = EUR;
  const days = { since: '2026-09-30', until: '2026-09-30', complete: false };
  const row = {
    date_start: '2026-09-30',
    date_stop: '2026-09-30',
    level: 'campaign',
    object_key: '["Tour"]',
    occurrence: '1',
    campaign_name: 'Tour',
    spend: '4.5',
    impressions: '300',
  };
  const export1 = (dataset: string): GoldenBatch =>
    answer({ dataset, ...account, currency, ...days }, [[row]]);
  return [
    ...REPORTED.map((platform) => export1(`${platform}_report`)),
    answer({ dataset: 'meta_report', ...account, currency, ...days }, [
      [{ ...row, spend: '4.75', purchases: '2', other_metrics: { 'Made-up metric': '7' } }],
    ]),
  ];
}

function answer(
  head: Partial<GoldenBatch['head']> &
    Pick<GoldenBatch['head'], 'dataset' | 'account_id' | 'timezone' | 'currency'>,
  pages: GoldenBatch['pages'],
): GoldenBatch {
  answers++;
  const second = String(answers).padStart(2, '0');
  return {
    head: { today: '2026-10-28', ...head },
    now: `2026-10-28T12:00:${second}.000Z`,
    pages,
  };
}
