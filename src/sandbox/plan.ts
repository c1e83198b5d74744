/** When an evergreen campaign delivers; all rhythms hang on the absolute calendar. */
export type Rhythm =
  | 'daily'
  | 'weekdays'
  /** 48 days of delivery, 12 of silence, for ever. */
  | 'twelve-silent'
  /** 21 days of delivery, 9 of silence, for ever. */
  | 'bursts'
  /** A handful of impressions a day, on most days. */
  | 'trickle';

/** What becomes of a campaign of a generation after its last day of delivery. */
export type Ending = 'stop-time' | 'silence' | 'paused' | 'deleted' | 'archived';

/** How a campaign lives: always, as generations that follow each other, or once. */
export type Life =
  | { readonly kind: 'evergreen'; readonly rhythm: Rhythm }
  | {
      readonly kind: 'generations';
      /** Days from one start to the next. */
      readonly every: number;
      /** Days of delivery. */
      readonly runs: number;
      /** Day of the cycle on which a generation starts. */
      readonly phase: number;
      readonly ending: Ending;
    }
  /** One campaign from its first to its last day of delivery, both inclusive; it stays `ACTIVE`. */
  | { readonly kind: 'once'; readonly start: number; readonly end: number };

/** What a campaign is after; decides objective, events and the channels they arrive by. */
export type Purpose = 'sales' | 'shop' | 'app' | 'leads' | 'traffic' | 'engagement';

/** A campaign, or a line of campaigns of the same kind, from which the world is drawn. */
export interface Plan {
  readonly key: string;
  /** Place of its account in the world. */
  readonly account: number;
  readonly name: string;
  readonly life: Life;
  readonly purpose: Purpose;
  /** Impressions per ad on an ordinary day. */
  readonly impressions: number;
  readonly budgetAt: 'campaign' | 'ad-set';
  readonly attribution: '7d_click_1d_view' | '1d_click' | 'by-ad-set';
  /** The campaign also counts a custom conversion and a custom pixel event. */
  readonly custom?: true;
  /** How many ad sets it has; drawn when absent. */
  readonly adSets?: 1 | 2 | 3 | 4;
}

type Row = readonly [
  account: 0 | 1 | 2,
  key: string,
  name: string,
  purpose: Purpose,
  impressions: number,
  life: Life,
  more?: Partial<Pick<Plan, 'budgetAt' | 'attribution' | 'custom' | 'adSets'>>,
];

const ROWS: readonly Row[] = [
  [
    0,
    'us-core',
    'Evergreen, "best sellers" (synthetic)',
    'sales',
    2600,
    evergreen('daily'),
    { custom: true, adSets: 3 },
  ],
  [
    0,
    'us-silent',
    '=SUM(A1:A9) comes back',
    'sales',
    1500,
    evergreen('twelve-silent'),
    { budgetAt: 'ad-set', adSets: 2 },
  ],
  [
    0,
    'us-shop',
    'Shop line 1\nline 2\t(tab)',
    'shop',
    1200,
    evergreen('daily'),
    { attribution: '1d_click', adSets: 2 },
  ],
  [0, 'us-app', "App 'n' install \\ backslash", 'app', 1400, evergreen('bursts'), { adSets: 2 }],
  [
    0,
    'us-trickle',
    ' <script>alert("x")</script> ',
    'traffic',
    3,
    evergreen('trickle'),
    { adSets: 1 },
  ],
  [
    1,
    'eu-core',
    'Größe & Öffnung; 50 % – Dauerläufer',
    'sales',
    2100,
    evergreen('daily'),
    { attribution: 'by-ad-set', adSets: 4 },
  ],
  [1, 'eu-leads', '@lead, "Anfrage"', 'leads', 900, evergreen('weekdays'), { adSets: 2 }],
  [1, 'eu-silent', 'Été 🌞 pause', 'sales', 1100, evergreen('bursts'), { budgetAt: 'ad-set' }],
  [
    2,
    'jp-core',
    '定番キャンペーン（合成）🎌',
    'sales',
    2300,
    evergreen('daily'),
    { custom: true, adSets: 3 },
  ],
  [
    2,
    'jp-engage',
    'エンゲージメント, "動画"',
    'engagement',
    1700,
    evergreen('daily'),
    { adSets: 2 },
  ],
  [
    2,
    'jp-app',
    'アプリ\r\n-1+2',
    'app',
    800,
    evergreen('twelve-silent'),
    { attribution: '1d_click', adSets: 1 },
  ],
  [
    0,
    'us-quiet',
    'Falls silent',
    'sales',
    1300,
    generations(60, 25, 0, 'silence'),
    { budgetAt: 'ad-set' },
  ],
  [1, 'eu-quiet', 'Verstummt', 'sales', 1000, generations(60, 25, 30, 'silence'), {}],
  [
    0,
    'us-promo',
    'Promo, ends by stop_time',
    'sales',
    1900,
    generations(60, 34, 12, 'stop-time'),
    {},
  ],
  [
    1,
    'eu-promo',
    '"Aktion"',
    'traffic',
    1500,
    generations(72, 30, 41, 'stop-time'),
    { budgetAt: 'ad-set' },
  ],
  [2, 'jp-promo', '夏のセール – الخصم', 'sales', 1600, generations(60, 32, 47, 'stop-time'), {}],
  [0, 'us-paused', 'Paused by hand', 'leads', 1100, generations(72, 30, 20, 'paused'), {}],
  [
    2,
    'jp-paused',
    '一時停止 👨‍👩‍👧',
    'sales',
    900,
    generations(72, 28, 55, 'paused'),
    { budgetAt: 'ad-set' },
  ],
  [1, 'eu-deleted', 'Gelöscht, NULL', 'sales', 1000, generations(60, 22, 8, 'deleted'), {}],
  [0, 'us-archived', '+archived', 'shop', 1000, generations(60, 24, 38, 'archived'), {}],
];

/** Every plan of the world, in the order the API lists its campaigns. */
export const PLANS: readonly Plan[] = ROWS.map(
  ([account, key, name, purpose, impressions, life, more]) => ({
    account,
    key,
    name,
    purpose,
    impressions,
    life,
    budgetAt: 'campaign',
    attribution: '7d_click_1d_view',
    ...more,
  }),
);

function evergreen(rhythm: Rhythm): Life {
  return { kind: 'evergreen', rhythm };
}

function generations(every: number, runs: number, phase: number, ending: Ending): Life {
  return { kind: 'generations', every, runs, phase, ending };
}
