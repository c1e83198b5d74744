import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import { MODELS } from '../../src/model.ts';
import { parquetOf, viewsFile } from '../../src/query/views.ts';
import { curator, putStaging, quiet } from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';

describe('zones/curated/views.sql', () => {
  it('gives any DuckDB every curated table by name, wherever the lake lies', async () => {
    const lake = { home: join(temporaryLake().home, `it's [a] "b" *c? {d}`) };
    putStaging(lake, {
      'insights_campaign_day/1/2026-01': [
        quiet({ date: '2026-01-01', campaign_id: '120210000000000017', spend: '1.5' }),
      ],
      'insights_campaign_day/1/2026-02': [
        quiet({ date: '2026-02-01', campaign_id: '120210000000000017', spend: '2.5' }),
      ],
    });
    await curator(lake)();
    const engine = await openEngine({ threads: 1, memory: '500MB', spillInto: null });
    await engine.connection.run(readFileSync(viewsFile(lake), 'utf8'));
    for (const model of MODELS) await rowsOf(engine.connection, `select * from ${model.name}`);
    const rows = await rowsOf(
      engine.connection,
      'select campaign_id, sum(spend) as spend from campaign_day group by campaign_id',
    );
    engine.close();
    expect(rows).toEqual([{ campaign_id: '120210000000000017', spend: '4.000000' }]);
  });

  it('reads Parquet only, and takes no column from a path', async () => {
    const lake = temporaryLake();
    putStaging(lake, {
      'insights_campaign_day/1/2026-01': [quiet({ date: '2026-01-01', campaign_id: '1' })],
    });
    await curator(lake)();
    const text = readFileSync(viewsFile(lake), 'utf8');
    expect(text).not.toMatch(/read_csv|\.csv/);
    expect(text.match(/hive_partitioning = false/g)?.length).toBe(
      MODELS.filter((model) => parquetOf(lake, model).length > 0).length,
    );
    expect(text).toMatch(/view "ad_day" as\nselect .* where false/);
  });
});
