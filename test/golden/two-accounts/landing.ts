import type { BatchHead } from '../../../src/landing/batch.ts';

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

/** Choices of the owner, as a person would drop them. */
export const PREFERENCES = [
  'name,subject,value',
  'timezone,,America/New_York',
  'retention_days,touchpoints,365',
  'month_budget,1001:2026-10,100',
  '',
].join('\n');

/** What is usual in an industry that there is not, as a person would drop it. */
export const BENCHMARKS = [
  'source,industry,platform,objective,country,metric,currency,low,median,high',
  'made up,music,meta,,,ctr,,0.01,0.02,0.03',
  'made up,music,meta,,,cpm,EUR,,8.5,',
  'made up,music,meta,OUTCOME_SALES,,roas,,,2,',
  '',
].join('\n');

/** Another threshold, and an own target for one campaign, as a person would drop them. */
export const ALERT_SETTINGS = [
  'rule,setting,subject,value',
  'anomaly,threshold,,2.5',
  'roas_below_target,target,120210000000000011,2',
  'high_frequency,enabled,,false',
  '',
].join('\n');

let answers = 0;

const USD = { account_id: '1001', timezone: 'America/New_York', currency: 'USD' };
const EUR = { account_id: '2002', timezone: 'Europe/Berlin', currency: 'EUR' };
/** A key of a person as the lake has them: a salted hash, here of nobody. */
const NOBODY = '0123456789abcdef'.repeat(4);

const SHOP = '120210000000000011';
const LEADS = '120210000000000012';
const TOUR = '120210000000000021';
const SHOP_SET = '120210000000000111';
const TOUR_SET = '120210000000000121';
const SHOP_AD = '120210000000001111';
const TOUR_AD = '120210000000001121';
const HOUR = 'hourly_stats_aggregated_by_advertiser_time_zone';

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

/** Platforms beside Meta whose reports are pulled. */
const PULLED = ['amazon', 'google', 'tiktok'];

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
  ...adSetDays(),
  ...moreBreakdowns(),
  ...internal(),
  ...objects(),
  ...activities(),
  ...alerts(),
  ...pulledReports(),
  predictions(),
  ...enrichment(),
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
          targeting: {
            custom_audiences: [{ id: '120210000000005112' }, { id: '120210000000005111' }],
          },
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

/** As the other breakdowns; by region and by hour there is nothing that happened outside Meta. */
function moreBreakdowns(): readonly GoldenBatch[] {
  const asked = { ...USD, since: '2026-09-29', until: '2026-09-29', today: '2026-10-28' };
  const part = (more: object): object => day('2026-09-29', { campaign_id: SHOP, ...more });
  return [
    answer({ dataset: 'insights_region_day', ...asked }, [
      [
        part({ region: 'New York', spend: '7.10', impressions: '700', clicks: '15' }),
        part({
          region: 'Unknown',
          spend: '3.00',
          impressions: '300',
          clicks: '5',
          actions: [{ action_type: 'onsite_conversion.purchase', value: '1' }],
        }),
      ],
    ]),
    answer({ dataset: 'insights_device_day', ...asked }, [
      [
        part({ device_platform: 'mobile_app', spend: '9.00', impressions: '900', clicks: '18' }),
        part({
          device_platform: 'desktop',
          spend: '1.10',
          impressions: '100',
          clicks: '2',
          ...purchases('2', '61.25'),
        }),
      ],
    ]),
    answer({ dataset: 'insights_campaign_hour', ...asked }, [
      [
        part({ [HOUR]: '00:00:00 - 00:59:59', spend: '4.00', impressions: '400', clicks: '6' }),
        part({ [HOUR]: '23:00:00 - 23:59:59', spend: '6.10', impressions: '600', clicks: '14' }),
        part({ spend: '0', impressions: '0', clicks: '0' }),
      ],
    ]),
  ];
}

/** One ad set of the first campaign, on the day that every breakdown is of. */
function adSetDays(): readonly GoldenBatch[] {
  const asked = { ...USD, since: '2026-09-29', until: '2026-09-29', today: '2026-10-28' };
  const row = { campaign_id: SHOP, adset_id: SHOP_SET, optimization_goal: 'OFFSITE_CONVERSIONS' };
  const figures = { spend: '10.10', impressions: '1000', reach: '800', clicks: '20' };
  return [
    answer({ dataset: 'insights_ad_set_day', ...asked }, [
      [day('2026-09-29', { ...row, ...figures, ...purchases('2', '61.25') })],
    ]),
  ];
}

/** What insights do not name: a creative, two audiences, a custom conversion and a pixel. */
function objects(): readonly GoldenBatch[] {
  const list = 'Made-up list, "2026"';
  return [
    answer({ dataset: 'ad_creatives', ...USD }, [
      [
        {
          id: '120210000000009111',
          name: 'Video 1',
          object_type: 'VIDEO',
          body: 'Great songs.',
          object_story_spec: {
            video_data: { call_to_action: { value: { link: 'https://shop.example/a?b=1' } } },
          },
        },
      ],
    ]),
    answer({ dataset: 'custom_audiences', ...USD }, [
      [
        {
          id: '120210000000005111',
          name: list,
          subtype: 'CUSTOM',
          approximate_count_lower_bound: 1000,
          approximate_count_upper_bound: 1200,
          time_created: 1788264000,
        },
        {
          id: '120210000000005112',
          name: 'Like them',
          subtype: 'LOOKALIKE',
          approximate_count_lower_bound: -1,
          approximate_count_upper_bound: -1,
          lookalike_spec: { country: 'US', ratio: 0.01, origin: [{ id: '120210000000005111' }] },
          delivery_status: { code: 300, description: 'Audience too small.' },
        },
      ],
    ]),
    answer({ dataset: 'custom_conversions', ...USD }, [
      [
        {
          id: '402941663880776609',
          name: 'Quiz',
          custom_event_type: 'OTHER',
          pixel: { id: '917042523049733' },
          creation_time: '2026-09-01T12:00:00+0000',
          default_conversion_value: 0,
          is_archived: false,
        },
      ],
    ]),
    answer({ dataset: 'pixels', ...USD }, [
      [{ id: '917042523049733', name: 'Shop pixel', last_fired_time: '2026-10-01T15:00:00+0000' }],
    ]),
  ];
}

/** Two changes within one hour over a month's end in New York; Meta tells them in UTC. */
function activities(): readonly GoldenBatch[] {
  const asked = { ...USD, since: '2026-09-30', until: '2026-10-01', today: '2026-10-02' };
  const change = (event_time: string, from: string, to: string): object => ({
    event_time,
    event_type: 'update_campaign_run_status',
    object_id: SHOP,
    object_type: 'CAMPAIGN_GROUP',
    actor_id: '10240000000000007',
    extra_data: JSON.stringify({ old_value: from, new_value: to }),
  });
  return [
    answer({ dataset: 'activities', ...asked }, [
      [
        change('2026-10-01T04:30:00+0000', 'Paused', 'Active'),
        change('2026-10-01T03:30:00+0000', 'Active', 'Paused'),
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

/** What a shop sold, a streaming service paid and a person saw, as it lies in landing: without names. */
function internal(): readonly GoldenBatch[] {
  const file = { account_id: 'all', timezone: null, currency: null, complete: false };
  const days = { ...file, since: '2026-09-29', until: '2026-09-30' };
  return [
    answer({ dataset: 'orders', ...days }, [
      [
        order('1', '2026-09-29T14:00:00Z', { amount: '80.00', customer_type: 'new' }),
        order('2', '2026-09-30T02:00:00Z', {
          amount: '55.00',
          refunded: '5.00',
          currency: 'EUR',
          customer_type: 'returning',
          customer_key: NOBODY,
          utm_source: 'facebook',
          utm_campaign: 'autumn',
        }),
        order('3', '2026-09-30T09:00:00Z', { amount: '30', is_sold: 'false', status: 'voided' }),
        order('4', '2026-09-30T15:00:00Z', { amount: '10', currency: 'GBP' }),
        order('5', '2026-09-29T14:00:05Z', { amount: '80.00', source: 'stripe' }),
      ],
    ]),
    answer({ dataset: 'revenue', ...days }, [
      [{ day: '2026-09-29', source: 'streaming', amount: '12.34', currency: 'USD' }],
    ]),
    answer({ dataset: 'offline_conversions', ...days }, [
      [
        {
          source: 'box office',
          converted_at: '2026-09-30',
          day: '2026-09-30',
          event: 'ticket',
          value: '25',
          currency: 'EUR',
          campaign_id: TOUR,
        },
      ],
    ]),
    answer({ dataset: 'touchpoints', ...days }, [
      [
        {
          source: 'touchpoints',
          person_key: NOBODY,
          touched_at: '2026-09-29T08:00:00Z',
          day: '2026-09-29',
          channel: 'newsletter',
          cost: '0.01',
          currency: 'EUR',
        },
      ],
    ]),
  ];
}

/** A new field was noticed on two days, and somebody acknowledged that. */
/** What was read out of a creative's text and picture. */
function enrichment(): readonly GoldenBatch[] {
  const lake = { account_id: '1001', timezone: null, currency: null, complete: false };
  const creative = { account_id: '1001', creative_id: '120210000000009111', read_by: 'by hand' };
  const lists = { topics: ['song'], people: [], places: [], organizations: [] };
  return [
    answer({ dataset: 'creative_texts', ...lake }, [
      [{ ...creative, text: 'Great songs.', words: 2, rated_words: 1, sentiment: 0.6, ...lists }],
    ]),
    answer({ dataset: 'creative_images', ...lake }, [
      [
        {
          ...creative,
          image_sha256: '0'.repeat(64),
          width: 1080,
          height: 1350,
          ratio: 0.8,
          brightness: 0.25,
          colours: ['#102030', '#ffffff'],
          colour_share: 0.5,
        },
      ],
    ]),
  ];
}

function alerts(): readonly GoldenBatch[] {
  const lake = { account_id: 'all', timezone: null, currency: null, complete: false };
  const noticed = {
    rule: 'schema_drift',
    subject: 'insights_campaign_day',
    evidence: 'insights_campaign_day: the field new_field is not known.',
    holds: true,
  };
  return [
    answer({ dataset: 'lake_signals', ...lake }, [
      [
        { ...noticed, day: '2026-10-27' },
        { ...noticed, day: '2026-10-28' },
      ],
    ]),
    answer({ dataset: 'alert_events', ...lake }, [
      [
        {
          alert_id: '1534a10cab07',
          rule: 'schema_drift',
          account_id: 'all',
          subject_id: 'insights_campaign_day',
          day: '2026-10-27',
          act: 'acknowledged',
          sink: '',
          note: 'known',
          done_at: '2026-10-27T15:00:00.000Z',
        },
      ],
    ]),
  ];
}

/** What somebody thought that campaign days would come to; of one campaign the lake knows nothing. */
function predictions(): GoldenBatch {
  const file = { account_id: 'all', timezone: null, currency: null, complete: false };
  return answer({ dataset: 'predictions', ...file, since: '2026-09-29', until: '2026-10-02' }, [
    [
      prediction('p1', SHOP, '2026-09-29', { predicted_roas: '4', predicted_ctr: '0.025' }),
      prediction('p2', SHOP, '2026-10-02', { predicted_roas: '5.5' }),
      prediction('p3', '404', '2026-09-29', { predicted_ctr: '0.01' }),
    ],
  ]);
}

function prediction(
  prediction_id: string,
  campaign_id: string,
  date: string,
  more: Readonly<Record<string, string>>,
): object {
  return {
    source: 'predictions',
    prediction_id,
    campaign_id,
    day: date,
    model: 'made-up',
    ...more,
  };
}

function order(id: string, at: string, more: Readonly<Record<string, string>>): object {
  return {
    source: 'shop',
    order_id: id,
    ordered_at: at,
    day: at.slice(0, 10),
    currency: 'USD',
    is_sold: 'true',
    ...more,
  };
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

/** An answer of each platform beside Meta: it wins over the export of the same day. */
function pulledReports(): readonly GoldenBatch[] {
  const row = {
    ...day('2026-09-30', { spend: '4.6', impressions: '300', clicks: '3' }),
    level: 'campaign',
    object_key: '7',
    occurrence: '1',
    campaign_id: '7',
    campaign_name: 'Tour',
  };
  const days = { since: '2026-09-30', until: '2026-09-30' };
  return PULLED.map((platform) =>
    answer({ dataset: `${platform}_insights`, ...EUR, ...days, object_id: 'campaign' }, [[row]]),
  );
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
