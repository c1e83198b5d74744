import { beforeAll, describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import { modelSql } from '../../src/model.ts';
import { checkNames, heldBackBy } from '../../src/quality/check.ts';
import { adlake } from '../helpers/command-line.ts';
import { curatedBytes } from '../helpers/curated-lake.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { keptLake } from '../helpers/lake.ts';

const lake = keptLake();
const at = ['--lake', lake.home];
const ALLOWED = { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' };
const RUN = ['run', '--offline', '--today', '2026-10-29', ...at];
let said = '';

beforeAll(async () => {
  landGoldenWorld(lake);
  const blocking = { ...ALLOWED, ADLAKE_BLOCKING_CHECKS: 'none' };
  said = (await adlake(RUN, blocking)).stderr;
});

describe('adlake quality', () => {
  it('scores every table that was judged, and shows rows that fail', async () => {
    const { stdout, exitCode } = await adlake(['quality', ...at]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^table +score +checks +failing +completeness +accuracy/);
    expect(stdout).toMatch(/^reconciliation_day +60\.00 +1 +1/m);
    expect(stdout).toMatch(/^ad_performance_day +100\.00 +1 +0/m);
    expect(stdout).toContain('account 1001: 6 of 15 rows do not');
    expect(stdout).toContain('1001, 2026-09-29, conversions by ad: expected 0, found 2');
    expect(stdout.split('\n').filter((line) => line.startsWith('    1001, '))).toHaveLength(3);
  });

  it('shows all rows of one check', async () => {
    const { stdout } = await adlake(['quality', 'levels_reconcile', ...at]);
    expect(stdout.split('\n').filter((line) => line.startsWith('    1001, '))).toHaveLength(6);
    expect(stdout).not.toContain('account_is_current');
    const sound = await adlake(['quality', 'ids_intact', ...at]);
    expect(sound.stdout).toBe('ids_intact holds wherever it was judged.\n');
  });

  it('says the same to programs, and of one account alone', async () => {
    const { stdout } = await adlake(['quality', '--account', '2002', '--json', ...at]);
    const found = JSON.parse(stdout) as {
      failing: readonly object[];
      examples: Readonly<Record<string, readonly object[]>>;
    };
    expect(found.failing).toMatchObject([{ check_name: 'account_is_current', failing: 1 }]);
    expect(found.examples).toEqual({
      account_is_current: [
        {
          account_id: '2002',
          place: 'account 2002',
          expected: 'asked about on 2026-10-26 or later',
          found: '2026-10-03',
        },
      ],
    });
  });

  it('refuses a check that there is not, with the nearest name', async () => {
    const { exitCode, stderr } = await adlake(['quality', 'id_intact', ...at]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('ids_intact');
  });

  it('says what to do where nothing was judged', async () => {
    const { exitCode, stderr } = await adlake(['quality', '--lake', keptLake().home]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('adlake run');
  });
});

describe('a run', () => {
  it('names the checks that do not hold at its end, and keeps the scores', async () => {
    expect(said).toContain('Quality: 2 checks do not hold: account_is_current, levels_reconcile.');
    const { stdout } = await adlake(['runs', 'show', '--json', ...at]);
    const { quality } = JSON.parse(stdout) as { quality: { tables: readonly object[] } };
    expect(quality.tables).toContainEqual(
      expect.objectContaining({ table_name: 'reconciliation_day', score: 60 }),
    );
  });

  it('leaves the files of a table as they were when a check holds it back', async () => {
    const before = curatedBytes(lake);
    const blocking = { ...ALLOWED, ADLAKE_BLOCKING_CHECKS: 'levels_reconcile' };
    const other = keptLake();
    landGoldenWorld(other);
    const there = ['run', '--offline', '--today', '2026-10-29', '--lake', other.home];
    const held = await adlake(there, blocking);
    expect(held.exitCode).toBe(65);
    expect(held.stderr).toContain('reconciliation_day was held back by the check levels_reconcile');
    expect(held.stderr).toContain('6 of 15 rows fail');
    const paths = [...curatedBytes(other).keys()];
    expect(paths.filter((path) => path.includes('reconciliation_day'))).toEqual([]);
    expect(paths.some((path) => path.includes('campaign_day/'))).toBe(true);
    await adlake(there, { ...ALLOWED, ADLAKE_BLOCKING_CHECKS: 'none' });
    const own = (bytes: ReadonlyMap<string, string>) =>
      [...bytes].filter(([path]) => path.includes('reconciliation_day'));
    expect(own(before).length).toBeGreaterThan(0);
    expect(own(curatedBytes(other))).toEqual(own(before));
  });
});

describe('checks', () => {
  it('each have a rule, about a table that they read', async () => {
    const engine = await openEngine({ threads: 1, memory: '128MB', spillInto: null });
    const rules = await rowsOf(
      engine.connection,
      modelSql({ layer: 'intermediate', name: 'quality_rules' }),
    );
    engine.close();
    expect(rules.map(({ check_name }) => check_name).sort()).toEqual(checkNames());
    for (const { check_name, table_name } of rules) {
      const only = heldBackBy(String(check_name));
      if (only !== null) expect(only).toBe(table_name);
    }
  });

  it('can hold a table back when the settings offer it, and no other can', () => {
    const { items } = contractAt('config.schema.json').properties.ADLAKE_BLOCKING_CHECKS as {
      items: { enum: readonly string[] };
    };
    const able = checkNames().filter((name) => heldBackBy(name) !== null);
    expect(items.enum).toEqual([...able, 'none']);
  });
});
