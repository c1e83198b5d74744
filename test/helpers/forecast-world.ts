import { modelRows } from './model-engine.ts';
import { gamma, type Random, seeded } from './random.ts';

/** How forecasts of made-up accounts compare with what came. */
export interface ForecastTrial {
  /** Shares of the intervals that hold what came: of days, and of the totals of 7, 14 and 28 days. */
  readonly days: number;
  readonly totals: number;
  readonly roas: number;
  readonly rows: number;
  /** What the forecasts that were used missed by, over what seasonal naive would have. */
  readonly missedAgainstNaive: number;
}

const PAST_DAYS = 280;
const AHEAD_DAYS = 28;

interface Series {
  readonly account: string;
  readonly metric: string;
  /** Oldest first: the past, and the 28 days to forecast. */
  readonly amounts: readonly number[];
}

/**
 * Forecasts accounts whose spend has weekdays, a level that wanders by up to 3 % from day to day, and days
 * that differ by 10 to 40 %; their value is a ROAS that wanders, too. Runs the models' own SQL.
 */
export async function forecastTrial(accounts: number, seed: number): Promise<ForecastTrial> {
  const random = seeded(seed);
  const world = Array.from({ length: accounts }, (_, at) =>
    accountOf(random, String(at + 1)),
  ).flat();
  const came = new Map(
    world.map((one) => [`${one.account} ${one.metric}`, one.amounts.slice(PAST_DAYS)]),
  );
  const rows = await forecastsOf(world);
  const tally = {
    days: 0,
    totals: 0,
    allTotals: 0,
    roas: 0,
    allRoas: 0,
    rows: 0,
    missed: 0,
    naive: 0,
  };
  for (const row of rows) {
    const ahead = Number(row.days_ahead);
    const series = (metric: string) => came.get(`${row.account_id} ${metric}`) ?? [];
    const sum = (metric: string) =>
      series(metric)
        .slice(0, ahead)
        .reduce((all, one) => all + one, 0);
    const isRoas = row.metric === 'roas';
    const total = isRoas ? sum('purchase_value') / sum('spend') : sum(String(row.metric));
    const holds = total >= Number(row.total_low) && total <= Number(row.total_high) ? 1 : 0;
    if (isRoas) {
      tally.roas += holds;
      tally.allRoas++;
      continue;
    }
    const day = series(String(row.metric))[ahead - 1] ?? Number.NaN;
    tally.rows++;
    if (day >= Number(row.low) && day <= Number(row.high)) tally.days++;
    if (ahead % 7 === 0) {
      tally.allTotals++;
      tally.totals += holds;
    }
    const past =
      world.find((one) => one.account === row.account_id && one.metric === row.metric)?.amounts ??
      [];
    const alike = past[PAST_DAYS - 1 - (6 - ((ahead - 1) % 7))] ?? Number.NaN;
    tally.missed += Math.abs(day - Number(row.forecast));
    tally.naive += Math.abs(day - alike);
  }
  return {
    days: tally.days / tally.rows,
    totals: tally.totals / tally.allTotals,
    roas: tally.roas / tally.allRoas,
    rows: rows.length,
    missedAgainstNaive: tally.missed / tally.naive,
  };
}

function forecastsOf(world: readonly Series[]) {
  const rows = world.flatMap(({ account, metric, amounts }) =>
    amounts
      .slice(0, PAST_DAYS)
      .map(
        (amount, at) => [account, metric, 'USD', LAST, LAST, PAST_DAYS - 1 - at, amount] as const,
      ),
  );
  return modelRows(
    { 'intermediate.forecast_series': { columns: SERIES_COLUMNS, rows } },
    [
      { layer: 'intermediate', name: 'forecast_trials' },
      { layer: 'curated', name: 'forecast_day' },
    ],
    'select * from curated.forecast_day',
  );
}

const LAST = '2026-06-30';
const SERIES_COLUMNS = {
  account_id: 'varchar',
  metric: 'varchar',
  currency: 'varchar',
  last_complete_day: 'date',
  origin: 'date',
  age: 'integer',
  amount: 'double',
};

function accountOf(random: Random, account: string): readonly Series[] {
  const weekdays = Array.from({ length: 7 }, () => 0.6 + 0.8 * random());
  const spread = 0.1 + 0.3 * random();
  const shape = 1 / spread ** 2;
  let level = 100;
  let roas = 2;
  const spend: number[] = [];
  const value: number[] = [];
  for (let at = 0; at < PAST_DAYS + AHEAD_DAYS; at++) {
    level *= 1 + 0.03 * (2 * random() - 1);
    roas *= 1 + 0.02 * (2 * random() - 1);
    const today = (level * (weekdays[at % 7] ?? 1) * gamma(random, shape)) / shape;
    spend.push(today);
    value.push((today * roas * gamma(random, shape)) / shape);
  }
  return [
    { account, metric: 'spend', amounts: spend },
    { account, metric: 'purchase_value', amounts: value },
  ];
}
