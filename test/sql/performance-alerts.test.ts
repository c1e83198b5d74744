import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

const FIRST = '2026-01-05';
/** The newest complete day of every account. */
const LAST = 60;
const at = (number: number) => addDays(FIRST, number - 1);

/** A settled day: 100 spent, 10,000 impressions, 100 clicks, 5 purchases for 300. */
function day(account: string, number: number, more: StagingRow = {}): StagingRow {
  return quiet({
    account_id: account,
    date: at(number),
    campaign_id: `${account}0`,
    pulled_on: addDays(at(number), 28),
    spend: '100',
    impressions: 10_000,
    clicks: 100,
    purchases: '5',
    purchase_value: '300',
    ...more,
  });
}

function days(account: string, more: (number: number) => StagingRow | null = () => ({})) {
  return Array.from({ length: LAST }, (_, index) => index + 1).flatMap((number) => {
    const figures = more(number);
    return figures === null ? [] : [day(account, number, figures)];
  });
}

function campaign(account: string, more: StagingRow): StagingRow {
  return {
    account_id: account,
    campaign_id: `${account}0`,
    campaign_name: `Campaign ${account}`,
    status: 'ACTIVE',
    effective_status: 'ACTIVE',
    pulled_on: at(LAST + 1),
    ...more,
  };
}

function asked(account: string, until: number): StagingRow {
  return {
    account_id: account,
    batch_id: `${account} asked`,
    dataset: 'insights_campaign_day',
    source: 'api',
    since: FIRST,
    until: at(until),
    campaigns_kind: 'all',
    complete: true,
    today: at(LAST + 1),
    landed_at: `${at(LAST + 1)}T12:00:00.000Z`,
    timezone: 'UTC',
    currency: 'USD',
    pages: 1,
  };
}

const between = (number: number, from: number, to: number) => number >= from && number <= to;

/** Every account is a case of its own. */
const ACCOUNTS: Readonly<Record<string, readonly StagingRow[]>> = {
  // Three days of much spend with two quiet ones in between, then the usual: one cause, over.
  '1': days('1', (number) => (number === 40 || number === 43 ? { spend: '300' } : {})),
  // The same on the newest day, and acknowledged; and once long ago.
  '2': days('2', (number) => (number === 30 || number === LAST ? { spend: '300' } : {})),
  // Nobody clicks from day 59 on.
  '3': days('3', (number) => (number >= 59 ? { clicks: 0 } : {})),
  // 50 comes back for 100 from day 50 on.
  '4': days('4', (number) => (number >= 50 ? { purchase_value: '50' } : {})),
  // No row at all on the last two days, of a campaign that is set to deliver; another one goes on.
  '5': [
    ...days('5', (number) => (number > 58 ? null : {})),
    ...days('5', () => ({ campaign_id: '51' })),
  ],
  // A campaign that was switched off is no alert; neither is the account, which goes on.
  '6': [
    ...days('6', (number) => (number > 58 ? null : {})),
    ...days('6', () => ({ campaign_id: '61' })),
  ],
  // The whole account stops: said once, of the account.
  '7': days('7', (number) => (number > 58 ? null : {})),
  // Clicks and spend go on without a purchase on days 58 to 60.
  '8': days('8', (number) =>
    between(number, 58, 60) ? { purchases: '0', purchase_value: '0' } : {},
  ),
  // Seven daily budgets of 80 are 560, and 700 were spent; changed on day 51.
  '9': days('9'),
  // 6,000 of 6,200 are spent on day 60, half of the time before the end.
  '10': days('10'),
  '11': days('11', (number) => (number === LAST ? { frequency: '3.5', reach: 2857 } : {})),
  // Pulled only until day 50.
  '12': days('12', (number) => (number > 50 ? null : {})),
};

const LAKE: StagingFiles = {
  ...Object.fromEntries(
    Object.entries(ACCOUNTS).flatMap(([account, rows]) => [
      [`insights_campaign_day/${account}/2026-01`, rows],
      [`batches/${account}/all`, [asked(account, account === '12' ? 50 : LAST)]],
    ]),
  ),
  'campaigns/5/all': [campaign('5', {}), campaign('5', { campaign_id: '51' })],
  'campaigns/6/all': [campaign('6', { effective_status: 'PAUSED' })],
  'campaigns/9/all': [
    campaign('9', { daily_budget: '80', updated_time: `${at(51)}T10:00:00.000Z` }),
  ],
  'campaigns/10/all': [
    campaign('10', {
      lifetime_budget: '6200',
      budget_remaining: '200',
      start_time: `${at(1)}T00:00:00.000Z`,
      stop_time: `${at(121)}T00:00:00.000Z`,
    }),
  ],
  'alert_events/all/all': [
    event('spend_anomaly', '2', { day: at(LAST), act: 'acknowledged', note: 'a planned sale' }),
    event('spend_anomaly', '2', { day: at(LAST), act: 'sent', sink: 'slack' }),
    event('spend_anomaly', '2', { day: at(LAST), act: 'sent', sink: 'email' }),
    event('budget_depleted', '9', { day: at(20), act: 'sent', sink: 'slack' }),
  ],
  'lake_signals/all/all': [
    signal('token_expiring', 'token', at(58), true),
    signal('token_expiring', 'token', at(60), true),
    signal('schema_drift', 'campaigns', at(50), true),
    signal('schema_drift', 'campaigns', at(52), false),
  ],
};

function event(rule: string, account: string, more: StagingRow): StagingRow {
  return {
    alert_id: '0123456789ab',
    rule,
    account_id: account,
    subject_id: `${account}0`,
    sink: '',
    done_at: `${at(LAST + 1)}T12:00:00.000Z`,
    ...more,
  };
}

function signal(rule: string, subject: string, on: string, holds: boolean): StagingRow {
  return { rule, subject, day: on, evidence: `${subject} on ${on}`, holds };
}

const COLUMNS = `select alert_id, rule, severity, state, account_id, level, subject_id,
  cast(opened_on as varchar) as opened_on, cast(last_seen_on as varchar) as last_seen_on,
  cast(resolved_on as varchar) as resolved_on, resolution, days, value, expected, what, evidence, advice,
  acknowledged_at, note, sent_to from curated.performance_alerts
  order by rule, account_id, subject_id, opened_on`;

let alerts: readonly BuiltRow[];

beforeAll(async () => {
  alerts = await builtRows(LAKE, COLUMNS);
});

function of(account: string, rule?: string) {
  return alerts.filter(
    (row) => row.account_id === account && (rule === undefined || row.rule === rule),
  );
}

const span = (row: BuiltRow) =>
  `${String(row.level)} ${String(row.opened_on)} ${String(row.last_seen_on)} ${String(row.state)}`;

describe('performance_alerts', () => {
  it('are one for one cause, and end by themselves', () => {
    const [campaignAlert, ...others] = of('1').filter((row) => row.level === 'campaign');
    expect(others).toEqual([]);
    expect(campaignAlert).toMatchObject({
      rule: 'spend_anomaly',
      severity: 'critical',
      state: 'resolved',
      opened_on: at(40),
      last_seen_on: at(43),
      resolved_on: at(44),
      resolution: 'the cause ended',
      days: '2',
      value: 300,
      sent_to: null,
    });
    expect(String(campaignAlert?.evidence)).toContain('Spend was 300.00 USD, 200 % above');
  });

  it('stay acknowledged while the cause goes on, and say who was told', () => {
    const rows = of('2').filter((row) => row.level === 'campaign');
    expect(rows.map(span)).toEqual([
      `campaign ${at(30)} ${at(30)} resolved`,
      `campaign ${at(LAST)} ${at(LAST)} acknowledged`,
    ]);
    expect(rows[1]).toMatchObject({ note: 'a planned sale', sent_to: 'email, slack' });
    expect(rows[0]).toMatchObject({ note: null, sent_to: null });
  });

  it('tell of a CTR that falls', () => {
    expect(of('3', 'ctr_drop').map(span)).toEqual([
      `account ${at(59)} ${at(60)} open`,
      `campaign ${at(59)} ${at(60)} open`,
    ]);
  });

  it('tell of a ROAS of seven days that is below the target', () => {
    // Day 56 is the first whose 7 days bring under 700: 7 x 50, days before it have one of 300 at least
    // only until day 54: 5 x 50 + 2 x 300 = 850, on day 55 6 x 50 + 300 = 600.
    expect(of('4', 'roas_below_target').map(span)).toEqual([`campaign ${at(55)} ${at(60)} open`]);
    expect(of('4', 'roas_below_target')[0]).toMatchObject({ value: 0.5, expected: 1 });
  });

  it('tell of a campaign that stopped, only while it is set to deliver', () => {
    expect(of('5', 'delivery_stopped').map(span)).toEqual([`campaign ${at(59)} ${at(60)} open`]);
    expect(of('5', 'delivery_stopped')[0]).toMatchObject({
      subject_id: '50',
      severity: 'critical',
    });
    expect(of('6', 'delivery_stopped')).toEqual([]);
  });

  it('say of the account alone what is true of all of it', () => {
    expect(of('7').map((row) => row.rule)).toEqual(['delivery_stopped']);
    expect(of('7').map(span)).toEqual([`account ${at(59)} ${at(60)} open`]);
    // 5 a day: 10 are to be expected only of three days together.
    expect(of('8', 'purchases_missing').map(span)).toEqual([`account ${at(60)} ${at(60)} open`]);
    // 100 clicks at the 5 purchases per 100 of the days before each, which fall as days without come in.
    expect(of('8', 'purchases_missing')[0]?.expected).toBeCloseTo(
      5 + (100 * 285) / 5800 + (100 * 285) / 5900,
      6,
    );
  });

  it('hold a daily budget against seven days after the last change', () => {
    // Seven days after the change on day 51 are full on day 57.
    expect(of('9', 'pacing_over').map(span)).toEqual([`campaign ${at(57)} ${at(60)} open`]);
    expect(of('9', 'pacing_over')[0]).toMatchObject({ value: 1.25, expected: 1.1 });
  });

  it('know what was left of a lifetime budget on each day', () => {
    // 6,200 less 100 a day: 310 is the twentieth part, and 300 are left in the evening of day 59.
    expect(of('10', 'budget_depleted').map(span)).toEqual([`campaign ${at(59)} ${at(60)} open`]);
    // A quarter of the time is gone on day 30; by then 48 % of the money.
    expect(of('10', 'pacing_over').map(span)).toEqual([`campaign ${at(30)} ${at(60)} open`]);
  });

  it('tell of people who see the ads too often', () => {
    expect(of('11', 'high_frequency').map(span)).toEqual([`campaign ${at(60)} ${at(60)} open`]);
  });

  it('tell of an account whose days stay behind', () => {
    expect(of('12', 'data_late').map(span)).toEqual([`account ${at(51)} ${at(61)} open`]);
    expect(alerts.filter((row) => row.rule === 'data_late')).toHaveLength(1);
  });

  it('keep what the lake noticed, until it ceased to hold', () => {
    expect(of('all').map((row) => `${String(row.rule)} ${span(row)}`)).toEqual([
      `schema_drift lake ${at(50)} ${at(51)} resolved`,
      `token_expiring lake ${at(58)} ${at(60)} open`,
    ]);
  });

  it('stay on record when somebody was told and newer figures show no cause', () => {
    expect(of('9', 'budget_depleted')).toMatchObject([
      {
        state: 'resolved',
        resolution: 'by newer figures there was no cause',
        opened_on: at(20),
        resolved_on: null,
        sent_to: 'slack',
      },
    ]);
  });

  it('say in words what it means and what to do', () => {
    const silent = alerts.filter((row) =>
      [row.what, row.evidence, row.advice].some((text) => String(text ?? '').length < 10),
    );
    expect(silent).toEqual([]);
  });
});

describe('settings of alerts', () => {
  it('turn a rule off for all or for one campaign, and give one campaign its own target', async () => {
    const choice = (rule: string, setting: string, subject: string, value: number) => ({
      rule,
      setting,
      subject,
      value,
    });
    const rows = await builtRows(
      {
        ...LAKE,
        'alert_settings/all/all': [
          choice('delivery_stopped', 'enabled', '', 0),
          choice('delivery_stopped', 'enabled', '50', 1),
          choice('ctr_drop', 'enabled', '30', 0),
          choice('roas_below_target', 'target', '40', 0.5),
          choice('roas_below_target', 'target', '9', 4),
        ],
      },
      COLUMNS,
    );
    const found = (rule: string) =>
      rows.filter((row) => row.rule === rule).map((row) => String(row.subject_id));
    expect(found('delivery_stopped')).toEqual(['50']);
    expect(found('ctr_drop')).toEqual(['3']);
    expect(found('roas_below_target')).toEqual(['90']);
  });
});
