import { appendFileSync, cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { keptTable, makeKept } from '../../src/curated/kept.ts';
import { build, originOf } from '../../src/curated/table.ts';
import { type JsonRow, rowsOf } from '../../src/duckdb/duckdb.ts';
import { KEPT_BY_MONTH, type KeptRule, modelSql, sqlName } from '../../src/model.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import type { StageContext } from '../../src/stage.ts';
import { daysOf } from '../../src/window.ts';
import { closeIdle, inWorkspace, type Workspace } from '../../src/workspace.ts';
import type { Lake } from '../../src/zone.ts';
import {
  curatedBytes,
  curator,
  putStaging,
  quiet,
  type StagingFiles,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { tries } from '../helpers/long.ts';

const MARKED = { layer: 'intermediate', name: 'metric_marked' } as const;
const RULE = KEPT_BY_MONTH[sqlName(MARKED)] as KeptRule;
const MONTHS = 14;

/** One thing that changes, as statements on the rows that are judged; `what` is shown when it fails. */
interface Change {
  readonly what: string;
  readonly sql: string;
}

const of = {
  month: fc.integer({ min: 0, max: MONTHS - 1 }),
  level: fc.constantFrom('account', 'campaign'),
  subject: fc.constantFrom('1', '2', '11', '12', '21'),
  account: fc.constantFrom('1', '2'),
};

const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .tuple(of.month, fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 60 }))
    .map(([month, day, days]) => restated(dayIn(month, day), days)),
  fc
    .tuple(of.month, of.subject)
    .map(([month, subject]) => gone(`subject_id = '${subject}' and ${inMonth(month)}`)),
  of.month.map((month) => gone(inMonth(month))),
  of.account.map((account) => gone(`account_id = '${account}'`)),
  fc.tuple(of.account, of.month).map(([account, month]) => {
    const at = `'${account}', '${account}9', ${subjectSeed(account, '9')}`;
    return { what: `campaign from ${month}`, sql: rowsText(at, 'campaign', month) };
  }),
  of.month.map((month) => ({
    what: `settled in ${month}`,
    sql: `update aged set is_settled = not is_settled, is_delivery_final = true where ${inMonth(month)}`,
  })),
  fc.constantFrom('0.5', '1.5').map((threshold) => ({
    what: `threshold ${threshold}`,
    sql: `update setting set value = ${threshold}`,
  })),
);

describe('what a table is made of', () => {
  it('is told the same before and after the table was found to have no rows', async () => {
    const lake = temporaryLake();
    putStaging(lake, {
      'insights_campaign_day/1/2025-01': [quiet({ campaign_id: '11', date: '2025-01-05' })],
    });
    await inWorkspace(contextOf(lake), async (workspace) => {
      const before = originOf(workspace, MARKED);
      workspace.digests.clear();
      await build(workspace, MARKED);
      expect(workspace.rows.get(sqlName(MARKED))).toBe(0);
      expect(originOf(workspace, MARKED)).toBe(before);
    });
    closeIdle();
  });
});

describe('a table that is kept by month', () => {
  afterAll(() => closeIdle());

  it('has, after any changes, the rows that its text gives of everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 2, maxLength: 4 }),
        fc.constantFrom('left alone', 'lost', 'damaged'),
        async (changes, cache) => {
          const lake = temporaryLake();
          const done: string[] = [START];
          await keptRows(lake, done);
          for (const { sql } of changes) {
            done.push(sql);
            await keptRows(lake, done);
          }
          if (cache === 'lost') rmSync(keptIn(lake), { recursive: true });
          if (cache === 'damaged') damage(lake);
          expect(await keptRows(lake, done)).toEqual(await allRows(done));
        },
      ),
      { numRuns: tries(2, 60), seed: 11 },
    );
  }, 1_200_000);

  it('is made again of the months that a changed day reaches, and of no others', async () => {
    const lake = temporaryLake();
    await keptRows(lake, [START]);
    const before = namesIn(lake);
    const young = [START, restated(dayIn(MONTHS - 1, 3), 40).sql];
    expect(await keptRows(lake, young)).toEqual(await allRows(young));
    expect(changed(before, namesIn(lake))).toEqual(['2026-02']);
    const old = [...young, restated(dayIn(4, 20), 1).sql];
    const then = namesIn(lake);
    expect(await keptRows(lake, old)).toEqual(await allRows(old));
    // May 20 and 146 days are October 13.
    const reached = ['2025-05', '2025-06', '2025-07', '2025-08', '2025-09', '2025-10'];
    expect(changed(then, namesIn(lake))).toEqual(reached);
    await keptRows(lake, old);
    expect(changed(then, namesIn(lake))).toEqual(reached);
    const other = [...old, 'update setting set value = 1.5'];
    expect(await keptRows(lake, other)).toEqual(await allRows(other));
    expect(changed(then, namesIn(lake))).toHaveLength(MONTHS);
  });

  it('does not count a file with other bytes than its name says, nor one of another name', async () => {
    const lake = temporaryLake();
    const right = await keptRows(lake, [START]);
    const [first = '', second = ''] = namesIn(lake);
    appendFileSync(join(keptIn(lake), first), 'x');
    renameSync(join(keptIn(lake), second), join(keptIn(lake), `${second}.old.parquet`));
    writeFileSync(join(keptIn(lake), '2025-03.parquet'), 'foreign');
    expect(await keptRows(lake, [START])).toEqual(right);
    expect(namesIn(lake)).toHaveLength(MONTHS);
    expect(namesIn(lake).map(monthAndPrint)).toEqual(
      expect.arrayContaining([first, second].map(monthAndPrint)),
    );
  });

  it('is not kept where there is little to make it of', async () => {
    const lake = temporaryLake();
    expect(await keptRows(lake, [START], 1_000_000)).toEqual(await allRows([START]));
    expect(namesIn(lake)).toEqual([]);
  });

  it('makes the anomalies of a restated month the same bytes as in a lake that has kept nothing', async () => {
    const lake = temporaryLake();
    const run = curator(lake);
    putStaging(lake, { ...facts('1', 10, '2025-12-31'), ...facts('2', 10, '2025-12-31') });
    await run(ANOMALIES);
    const before = namesIn(lake);
    putStaging(lake, { ...facts('1', 12, '2026-01-20') });
    await run(ANOMALIES);
    expect(changed(before, namesIn(lake))).toEqual(['2025-12']);
    const other = temporaryLake();
    cpSync(join(lake.home, 'zones/staging'), join(other.home, 'zones/staging'), {
      recursive: true,
    });
    await curator(other)(ANOMALIES);
    const bytes = curatedBytes(lake);
    expect(bytes).toEqual(curatedBytes(other));
    expect(bytes.get('marketing/metaads/anomalies.csv')?.length).toBeGreaterThan(100_000);
  }, 120_000);

  it('reaches back as far as the windows of its texts together, and reads what its rule says', () => {
    const { steps, others } = keptTable(MARKED, RULE);
    expect(steps.map(sqlName)).toEqual([
      'intermediate.metric_day',
      'intermediate.metric_weekday',
      'intermediate.metric_judged',
      'intermediate.metric_marked',
    ]);
    expect(others.map(sqlName)).toEqual(['intermediate.alert_setting']);
    const [day, weekday, judged, marked] = steps.map((step) => windowsIn(modelSql(step)));
    expect([day, weekday, judged]).toEqual([[], [6, 56], [42, 42]]);
    expect(RULE.days).toBe(42 + 42);
    expect(RULE.further).toEqual({ column: 'level', value: 'account', days: 42 + 42 + 56 + 6 });
    expect(marked).toEqual([]);
    expect(modelSql(MARKED)).toMatch(/partition by series, month order by date/);
    expect(modelSql({ layer: 'intermediate', name: 'metric_weekday' })).toContain(
      "where level = 'account'",
    );
  });
});

const ANOMALIES = { tables: ['anomalies'] };

/**
 * Days of eight campaigns of an account from January on; December was pulled last on the day
 * told, and its spend is swollen by so many percent.
 */
function facts(account: string, percent: number, pulled: string): StagingFiles {
  const days = daysOf({ since: '2025-01-01', until: '2025-12-30' });
  const rows = days.flatMap((date, number) =>
    Array.from({ length: 8 }, (_, campaign) => {
      const swing = Math.sin(number * 1.7 + campaign) + Math.cos(number * number * 0.37);
      const more = date > '2025-11-30' ? 1 + percent / 100 : 1;
      return quiet({
        account_id: account,
        date,
        campaign_id: `${account}${campaign}`,
        pulled_on: date > '2025-11-30' ? pulled : '2025-12-31',
        spend: ((500 + 100 * swing) * more).toFixed(2),
        impressions: 90_000,
        clicks: Math.round(900 + 200 * swing),
      });
    }),
  );
  const months = new Set(days.map((day) => day.slice(0, 7)));
  return Object.fromEntries(
    [...months].map((month) => [
      `insights_campaign_day/${account}/${month}`,
      rows.filter(({ date }) => String(date).startsWith(month)),
    ]),
  );
}

/** How many days before each window of a text begins. */
function windowsIn(sql: string): readonly number[] {
  return [...sql.matchAll(/between (?:interval )?(\d+) (?:days )?preceding/g)].map(([, days]) =>
    Number(days),
  );
}

/** The first day of every subject's rows: figures that swing, so that many days lie outside of what was usual. */
const FIRST = '2025-01-01';

function subjectSeed(account: string, campaign: string): number {
  return Number(account) * 17 + Number(campaign) * 5;
}

/** Two accounts with campaigns, of every day; the last month is not settled. */
const START = [
  'create or replace table setting (rule varchar, setting varchar, subject varchar, value double)',
  "insert into setting values ('anomaly', 'threshold', '', 1.0)",
  `create or replace table aged as ${selectRows(["'1', '1', 3", "'2', '2', 5"], 'account', 0)}`,
  rowsText("'1', '11', 7", 'campaign', 0),
  rowsText("'1', '12', 11", 'campaign', 2),
  rowsText("'2', '21', 13", 'campaign', 0),
].join('; ');

function rowsText(subject: string, level: string, month: number): string {
  return `insert into aged ${selectRows([subject], level, month)}`;
}

function selectRows(subjects: readonly string[], level: string, month: number): string {
  const each = subjects.map((subject) => `(${subject})`).join(', ');
  return `select
    account as account_id, '${level}' as level, subject as subject_id, day as date, 'EUR' as currency,
    day < ${dayIn(MONTHS - 1, 1)} as is_settled, day < ${dayIn(MONTHS - 1, 26)} as is_delivery_final,
    round(500 + 200 * sin(number * 1.7 + seed) + 90 * cos(number * number * 0.37 + seed), 2) as spend,
    round(90000 + 20000 * sin(number * 2.3 + seed)) as impressions,
    cast(null as double) as reach, cast(null as double) as frequency,
    round(900 + 400 * cos(number * 3.1 + seed)) as clicks,
    round(40 + 30 * sin(number * 5.3 + seed)) as conversions,
    round(2500 + 900 * sin(number * 0.9 + seed), 2) as purchase_value,
    cast(1 as double) as spend_share, 0.9 as conversions_share, 0.1 as conversions_unsureness,
    0.8 as roas_share, 0.2 as roas_unsureness
  from (values ${each}) as subjects (account, subject, seed)
  cross join (
    select cast(day as date) as day, cast(day as date) - cast('${FIRST}' as date) as number
    from range(cast(${dayIn(month, 1)} as timestamp), cast(${dayIn(MONTHS, 1)} as timestamp), interval 1 day) as days (day)
  ) as days`;
}

function dayIn(month: number, day: number): string {
  const [year, number] = [2025 + Math.floor(month / 12), (month % 12) + 1];
  return `cast('${year}-${String(number).padStart(2, '0')}-${String(day).padStart(2, '0')}' as date)`;
}

function inMonth(month: number): string {
  return `date_trunc('month', date) = ${dayIn(month, 1)}`;
}

function restated(day: string, days: number): Change {
  const span = `date >= ${day} and date < ${day} + ${days}`;
  const sql = `update aged set spend = spend * 1.3 + 5, conversions = conversions + 2 where ${span}`;
  return { what: `restated ${span}`, sql };
}

function gone(where: string): Change {
  return { what: `gone: ${where}`, sql: `delete from aged where ${where}` };
}

/** The rows as a lake gives them that keeps what it made before. */
function keptRows(
  lake: Lake,
  statements: readonly string[],
  leastRows = 0,
): Promise<readonly JsonRow[]> {
  return rowsAfter(lake, statements, (workspace) =>
    makeKept(workspace, { table: MARKED, rule: RULE, leastRows }),
  );
}

/** The rows as the texts give them of everything at once. */
function allRows(statements: readonly string[]): Promise<readonly JsonRow[]> {
  return rowsAfter(temporaryLake(), statements, (workspace) => build(workspace, MARKED));
}

function rowsAfter(
  lake: Lake,
  statements: readonly string[],
  make: (workspace: Workspace) => Promise<void>,
): Promise<readonly JsonRow[]> {
  return inWorkspace(contextOf(lake), async (workspace) => {
    await workspace.lanes.use(async (connection) => {
      await connection.run(statements.join('; '));
      for (const [name, from] of Object.entries(BY_HAND)) {
        await connection.run(`create table ${name} as select * from ${from}`);
        workspace.built.set(name, Promise.resolve());
        const [row] = await rowsOf(connection, `select count(*) as total from ${name}`);
        workspace.rows.set(name, Number(row?.total));
      }
    });
    await make(workspace);
    return workspace.lanes.use((connection) =>
      rowsOf(
        connection,
        `select * from ${sqlName(MARKED)} order by account_id, level, subject_id, metric, date`,
      ),
    );
  });
}

function contextOf(lake: Lake): StageContext {
  return {
    lake,
    datasets: DATASETS,
    selection: {},
    progress: silent,
    outputsOf: () => [],
    fingerprintOf: () => null,
    memoryOf: () => null,
  };
}

const BY_HAND = {
  'intermediate.subject_aged': 'aged',
  'intermediate.alert_setting': 'setting',
} as const;

function keptIn(lake: Lake): string {
  return join(lake.home, 'cache', 'curated', 'kept', MARKED.name);
}

function namesIn(lake: Lake): readonly string[] {
  try {
    return readdirSync(keptIn(lake)).sort();
  } catch {
    return [];
  }
}

function monthAndPrint(name: string): string {
  return name.split('.').slice(0, 2).join('.');
}

function changed(before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((name) => !before.includes(name)).map((name) => name.slice(0, 7));
}

/** Half of the files are cut short. */
function damage(lake: Lake): void {
  for (const [index, name] of namesIn(lake).entries()) {
    if (index % 2 === 0) writeFileSync(join(keptIn(lake), name), 'PAR1');
  }
}
