import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

/** A Monday. */
const FIRST = '2026-01-05';
const at = (day: number) => addDays(FIRST, day - 1);

/** A settled day with 100 spent, 10,000 impressions and 100 clicks, but for what is said. */
function day(account: string, number: number, more: StagingRow = {}): StagingRow {
  return quiet({
    account_id: account,
    date: at(number),
    campaign_id: `${account}0`,
    pulled_on: addDays(at(number), 28),
    spend: '100',
    impressions: 10_000,
    clicks: 100,
    ...more,
  });
}

function days(account: string, count: number, more: (number: number) => StagingRow = () => ({})) {
  return Array.from({ length: count }, (_, index) => day(account, index + 1, more(index + 1)));
}

const isWeekend = (number: number) => number % 7 === 6 || number % 7 === 0;

/** Every account is a case of its own. */
const ACCOUNTS: Readonly<Record<string, readonly StagingRow[]>> = {
  // Constant, and then half as much again, on two days.
  '1': days('1', 32, (number) => (number > 30 ? { spend: '150' } : {})),
  // One campaign swings by a tenth, the other makes up for it; then the first has 200.
  '2': [
    ...days('2', 91, (number) => ({
      spend: number === 91 ? '200' : number % 2 === 1 ? '110' : '90',
    })),
    ...days('2', 91, (number) => ({
      campaign_id: '21',
      spend: number === 91 ? '0' : number % 2 === 1 ? '90' : '110',
    })),
  ],
  // Twice as much on weekends, and on the Monday after eight weeks.
  '3': days('3', 57, (number) => (isWeekend(number) || number === 57 ? { spend: '200' } : {})),
  // No click on a day, no spend on another, too few impressions on a third; in yen.
  '4': days('4', 33, (number) => ({
    currency: 'JPY',
    ...(number === 31 ? { clicks: 0 } : {}),
    ...(number === 32 ? { spend: '0' } : {}),
    ...(number === 33 ? { spend: '900', impressions: 999 } : {}),
  })),
  // Never asked again, a day after each day, and no purchase on the last.
  '5': days('5', 32, (number) => ({
    pulled_on: addDays(at(number), 1),
    purchases: number === 32 ? '0' : '20',
    purchase_value: number === 32 ? '0' : '400',
    spend: number === 32 ? '300' : '100',
  })),
  // 20 purchases for 400 on each settled day; then none on one, and half the value on another.
  '6': days('6', 33, (number) => ({
    purchases: number === 32 ? '0' : '20',
    purchase_value: number === 32 ? '0' : number === 33 ? '200' : '400',
  })),
  // Frequency was asked for the account as such; reach of a campaign alone.
  '7': days('7', 31, (number) => ({ reach: number === 31 ? 4000 : 8000, frequency: '1.25' })),
  '8': [day('8', 1, { spend: '5000' })],
};

const LAKE: StagingFiles = {
  ...Object.fromEntries(
    Object.entries(ACCOUNTS).map(([account, rows]) => [
      `insights_campaign_day/${account}/2026-01`,
      rows,
    ]),
  ),
  'insights_account_day/7/2026-01': Array.from({ length: 31 }, (_, index) =>
    quiet({
      account_id: '7',
      date: at(index + 1),
      reach: 5000,
      frequency: index === 30 ? '3' : '1.5',
      impressions: 10_000,
    }),
  ),
};

const QUESTION = `select *, cast(date as varchar) as date, cast(since as varchar) as since
  from curated.anomalies order by account_id, level, subject_id, metric, date`;

let rows: readonly BuiltRow[];

beforeAll(async () => {
  rows = await builtRows(LAKE, QUESTION);
});

function of(account: string, level = 'campaign') {
  return rows.filter((row) => row.account_id === account && row.level === level);
}

const told = (row: BuiltRow) =>
  `${String(row.metric)} ${String(row.date)} ${String(row.direction)}`;

describe('anomalies', () => {
  it('say what, against what, since when and how sure, worked out by hand', () => {
    // ln 1.5 / 0.05, the least spread; CPC and CPM rise with spend, CTR and the rest stay.
    const [first, second] = of('1').filter((row) => row.metric === 'spend');
    expect(first).toMatchObject({
      date: at(31),
      value: 150,
      z: 8.1093,
      direction: 'above',
      is_bad: null,
      severity: 'critical',
      basis: 'final',
      history_days: '30',
      since: at(31),
      days_running: '1',
      certainty: 'high',
      story:
        'Spend was 150.00 USD, 50 % above the 100.00 USD to be expected on a Wednesday by the 42 days before (30 of them final); 8.1 times the usual spread. How sure: high.',
    });
    expect(Number(first?.expected)).toBeCloseTo(100, 8);
    expect(Number(first?.change)).toBeCloseTo(0.5, 8);
    expect(Number(first?.expected_low)).toBeCloseTo(100 * Math.exp(-0.1), 8);
    expect(second).toMatchObject({ date: at(32), since: at(31), days_running: '2' });
    expect(String(second?.story)).toContain(`since ${at(31)} (2 days judged)`);
  });

  it('are told of the account as well as of its campaign', () => {
    expect(of('1', 'account').map(told)).toEqual(of('1').map(told));
  });

  it('measure the distance by the median distance of the days before', () => {
    const [spend] = of('2').filter((row) => row.metric === 'spend' && row.date === at(91));
    // The middle of 21 days of 110 and 21 of 90, each (ln 110 - ln 90) / 2 away from it.
    const middle = (Math.log(110) + Math.log(90)) / 2;
    const usual = 1.4826 * ((Math.log(110) - Math.log(90)) / 2);
    expect(Number(spend?.z)).toBeCloseTo((Math.log(200) - middle) / usual, 4);
    expect(of('2').filter((row) => row.date !== at(91))).toEqual([]);
    expect(of('2', 'account')).toEqual([]);
  });

  it('know the weekday', () => {
    expect(of('3').filter((row) => row.metric === 'spend')).toMatchObject([
      { date: at(57), direction: 'above', z: Number((Math.log(2) / 0.05).toFixed(4)) },
    ]);
    expect(String(of('3').at(-1)?.story)).toContain('100.00 USD to be expected on a Monday');
  });

  it('say that nobody clicked, and nothing of days without spend or with few impressions', () => {
    expect(of('4').map(told)).toEqual([`ctr ${at(31)} below`]);
    // Half a click is added on both sides; 100.5 clicks spread by 1 over their root.
    const [ctr] = of('4');
    expect(Number(ctr?.z)).toBeCloseTo(Math.log(0.5 / 100.5) * Math.sqrt(100.5), 3);
    expect(ctr).toMatchObject({ value: 0, currency: 'JPY', is_bad: true });
  });

  it('are not told of purchases that are not settled, while nobody knows how they grow', () => {
    expect(new Set(of('5').map((row) => row.metric))).toEqual(new Set());
  });

  it('judge purchases of settled days, and ROAS only where there are some', () => {
    expect(of('6').map(told)).toEqual([`conversions ${at(32)} below`, `roas ${at(33)} below`]);
    const [conversions, roas] = of('6');
    expect(Number(conversions?.z)).toBeCloseTo(Math.log(0.5 / 20.5) * Math.sqrt(20.5), 3);
    expect(Number(roas?.z)).toBeCloseTo(Math.log(0.5) * Math.sqrt(20), 3);
  });

  it('take reach and frequency of an account only from what was asked for as such', () => {
    expect(of('7').map(told)).toEqual([`reach ${at(31)} below`]);
    expect(of('7', 'account').map(told)).toEqual([`frequency ${at(31)} above`]);
  });

  it('need ten days of history and ten of spread', () => {
    expect(of('8')).toEqual([]);
    expect(rows.every((row) => Number(row.history_days) >= 10)).toBe(true);
  });
});

describe('the threshold of anomalies', () => {
  it('is 2, or what the owner chose', async () => {
    const lake = (value: number | null): StagingFiles => ({
      'insights_campaign_day/1/2026-01': ACCOUNTS['1'] ?? [],
      ...(value === null
        ? {}
        : {
            'alert_settings/all/all': [
              { rule: 'anomaly', setting: 'threshold', subject: '', value },
            ],
          }),
    });
    const count = "select count(*) as rows from curated.anomalies where metric = 'spend'";
    expect(await builtRows(lake(8.2), count)).toEqual([{ rows: '0' }]);
    expect(await builtRows(lake(8.1), count)).toEqual([{ rows: '4' }]);
    expect(await builtRows({}, 'select * from curated.anomalies')).toEqual([]);
  });
});
