import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { adlake } from '../helpers/command-line.ts';
import { curator, putStaging, quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { keptLake } from '../helpers/lake.ts';

const lake = keptLake();
const at = ['--lake', lake.home];
const SINCE = '2026-02-01';

/** 28 days of a campaign, and of an ad whose id is ten times its. */
function days(campaign: string, figures: StagingRow): readonly StagingRow[] {
  return Array.from({ length: 28 }, (_, day) =>
    quiet({
      campaign_id: campaign,
      date: addDays(SINCE, day),
      pulled_on: '2026-05-01',
      spend: '10',
      reach: 900,
      ...figures,
    }),
  );
}

const facts = [
  ...days('1', {
    impressions: 1000,
    clicks: 20,
    link_clicks: 20,
    purchases: '1',
    purchase_value: '20',
  }),
  ...days('2', {
    impressions: 1000,
    clicks: 40,
    link_clicks: 40,
    purchases: '2',
    purchase_value: '40',
  }),
  ...days('3', {
    impressions: 20,
    clicks: 1,
    link_clicks: 1,
    purchases: '3',
    purchase_value: null,
  }),
];

beforeAll(async () => {
  putStaging(lake, {
    'insights_campaign_day/1/2026-02': facts,
    'insights_ad_day/1/2026-02': facts
      .slice(0, 56)
      .map((row) => ({ ...row, ad_id: `${row.campaign_id}0`, ad_name: `Ad\n${row.campaign_id}` })),
    'predictions/all/all': [
      prediction('a', '1', SINCE, '2', '0.02'),
      prediction('b', '2', SINCE, '2', '0.01'),
      prediction('c', '2', addDays(SINCE, 1), null, '0.08'),
      prediction('d', '1', '2026-09-01', '2', null),
      prediction('e', '9', SINCE, '2', null),
      prediction('f', '3', SINCE, '1', '0.05'),
    ],
  });
  await curator(lake)({
    tables: ['campaign_day', 'ad_day', 'ad_accounts', 'prediction_comparisons'],
  });
});

function prediction(
  id: string,
  campaign: string,
  day: string,
  roas: string | null,
  ctr: string | null,
): StagingRow {
  return {
    source: 'made-up',
    prediction_id: id,
    campaign_id: campaign,
    day,
    predicted_roas: roas,
    predicted_ctr: ctr,
    batch_id: 'one',
    pulled_on: '2026-01-31',
  };
}

describe('adlake compare', () => {
  it('says which of two campaigns is better, how sure that is, and what the wrong choice costs', async () => {
    const { stdout, exitCode } = await adlake(['compare', '1', '2', ...at]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2026-02-01 to 2026-02-28, 28 days, both inclusive.');
    expect(stdout).toMatch(/CTR +2\.000 % +4\.000 % +over 99\.9 % +2\.000 % +0\.000 %/);
    expect(stdout).toMatch(/ROAS +2\.00 +4\.00 +over 99\.9 %/);
    expect(stdout).toContain('CTR: B is better, over 99.9 % sure.');
    // Both sell 5 % of those who come.
    expect(stdout).toContain('CVR: it cannot be told which is better.');
    expect(stdout).toContain('Note: Meta decides who sees what, so this is no experiment');
  });

  it('compares ads, and says it all to machines', async () => {
    const { stdout } = await adlake(['compare', '20', '10', '--metric', 'ctr', '--json', ...at]);
    const found = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(found).toMatchObject({
      since: SINCE,
      until: '2026-02-28',
      a: { level: 'ad', id: '20', days: 28, days_not_settled: 0 },
      comparisons: [{ metric: 'ctr', a: 0.04, b: 0.02, verdict: 'a_better' }],
    });
  });

  it('takes the days that are named, both inclusive', async () => {
    const window = ['--since', '2026-02-03', '--until', '2026-02-09'];
    const { stdout } = await adlake(['compare', '1', '2', '--json', ...window, ...at]);
    expect(JSON.parse(stdout)).toMatchObject({
      since: '2026-02-03',
      a: { days: 7 },
      b: { days: 7 },
    });
  });

  it('says why it cannot compare: too little, unknown, or more purchases than clicks', async () => {
    const { stdout } = await adlake(['compare', '1', '3', ...at]);
    expect(stdout).toContain('CTR: not compared, because B has fewer than 1000 impressions.');
    expect(stdout).toContain('CVR: not compared, because B has more purchases than link clicks');
    expect(stdout).toContain('ROAS: not compared, because a figure of B is unknown');
  });

  it.each([
    [['1', '404'], 'no day of an ad or campaign 404'],
    [['1', '20'], 'Compare two ads or two campaigns.'],
    [['1', '1'], 'A and B are the same.'],
    [['1', 'x'], 'named by its id of digits'],
    [['1', '2', '--metric', 'cpc'], 'no metric "cpc"'],
  ])('refuses %j', async (args, told) => {
    expect(await adlake(['compare', ...args, ...at])).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining(told),
    });
  });
});

describe('adlake predictions accuracy', () => {
  it('says how far predictions were off, to which side, and whether high ones were high', async () => {
    const { stdout } = await adlake(['predictions', 'accuracy', '--days', '30', '--json', ...at]);
    const { measures } = JSON.parse(stdout) as {
      measures: readonly Readonly<Record<string, unknown>>[];
    };
    // ROAS: 2 for 2, 2 for 4: 100 and 50 of 100. CTR: 0.02 for 0.02, 0.01 for 0.04, 0.08 for 0.04, 0.05 for 0.05.
    expect(measures.find((one) => one.metric === 'roas' && one.band === 0)).toMatchObject({
      predictions: 2,
      settled: 2,
      score: 75,
      predicted: 2,
      actual: 3,
      error: 1,
      bias: -1,
    });
    const ctr = measures.find((one) => one.metric === 'ctr' && one.band === 0);
    expect(ctr).toMatchObject({ predictions: 4, score: (100 + 25 + 50 + 100) / 4 });
    expect(Number(ctr?.error)).toBeCloseTo(0.0175, 10);
    const words = (await adlake(['predictions', 'accuracy', ...at])).stdout;
    expect(words).toContain('ROAS: accuracy 75 of 100, over 2 predictions');
    expect(words).toContain('high third');
  });

  it('says what to do where there is nothing to compare', async () => {
    const found = await adlake(['predictions', 'accuracy', '--account', '77', ...at]);
    expect(found).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('adlake import') });
    expect((await adlake(['predictions', 'accuracy', '--days', '0', ...at])).exitCode).toBe(78);
  });

  it('stands on prediction_comparisons, which says of each why it cannot be compared', async () => {
    const { stdout } = await adlake([
      ...['sql', '--format', 'csv', ...at],
      'select prediction_id, status, roas_error, roas_score, ctr_score, accuracy_score from prediction_comparisons order by prediction_id',
    ]);
    expect(stdout.trim().split('\n').slice(1)).toEqual([
      'a,settled,0,100,100,100',
      'b,settled,-2,50,25,37.5',
      'c,settled,,,50,50',
      'd,still to come,,,,',
      'e,no such campaign,,,,',
      'f,settled,,,100,100',
    ]);
  });
});
