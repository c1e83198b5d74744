import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../src/contract.ts';
import { rulesOf } from '../src/duckdb/contract-sql.ts';
import {
  columnsNamed,
  curatedSchema,
  folderOf,
  MODELS,
  modelNamed,
  modelSql,
  splitOf,
  sqlName,
  tablesIn,
  withAncestors,
} from '../src/model.ts';
import { DATASETS } from '../src/pipeline.ts';

const layers = ['partial', 'intermediate', 'checks', 'curated'] as const;
const tables = layers.flatMap((layer) =>
  readdirSync(fileURLToPath(new URL(`../src/sql/${layer}`, import.meta.url))).map((file) => ({
    layer,
    name: file.replace(/\.sql$/, ''),
  })),
);

/** What only some engines understand. */
const FORBIDDEN = [
  /\bqualify\b/,
  /group by all/,
  /order by all/,
  /\bexclude\b/,
  /\basof\b/,
  /\blambda\b/,
  /->/,
  /::/,
  /\bread_(csv|parquet|json)/,
  /\bstrftime\b/,
  /\btry_cast\b/,
  /\bany_value\b/,
  /\barg_max\b/,
  /\bstruct_/,
  /\blist_/,
];

describe('a model', () => {
  it('is listed for every file of src/sql/curated, and no other', () => {
    const files = tables.filter((table) => table.layer === 'curated').map((table) => table.name);
    expect(MODELS.map((model) => model.name).sort()).toEqual(files.sort());
  });

  it.each(tables)('$layer.$name names its grain first and is one portable select', (table) => {
    const sql = modelSql(table);
    expect(sql.startsWith('-- Grain: one row per ')).toBe(true);
    expect(sql.trimEnd().endsWith('select * from final')).toBe(true);
    const code = sql.replaceAll(/--[^\n]*/g, '').replaceAll(/'[^']*'/g, "''");
    expect(code).not.toContain(';');
    expect(code).toBe(code.toLowerCase());
    expect(FORBIDDEN.filter((word) => word.test(code))).toEqual([]);
  });

  it('comes after the models it is built on', () => {
    const order = MODELS.map((model) => `curated.${model.name}`);
    for (const [index, name] of order.entries()) {
      const before = withAncestors({ layer: 'curated', name: MODELS[index]?.name ?? '' })
        .map(sqlName)
        .filter((each) => each.startsWith('curated.') && each !== name);
      expect(
        before.every((each) => order.indexOf(each) < index),
        name,
      ).toBe(true);
    }
  });

  it('reads only datasets that there are', () => {
    const known = DATASETS.map((dataset) => `staging.${dataset.name}`);
    const read = tables.flatMap((table) => tablesIn(modelSql(table)));
    const unknown = read.filter((table) => table.layer === 'staging').map(sqlName);
    expect(unknown.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(MODELS)(
    '$name has a contract whose key is never empty and that the engine can check',
    (model) => {
      const contract = contractAt(curatedSchema(model));
      expect(rulesOf(curatedSchema(model)).length).toBeGreaterThan(0);
      for (const column of model.key) {
        expect(contract.columns).toContain(column);
        expect(contract.properties[column]).not.toMatchObject({
          type: expect.arrayContaining(['null']),
        });
      }
    },
  );

  it('has files of its own, below folders with plain names', () => {
    const paths = MODELS.map((model) => [...folderOf(model), model.name].join('/'));
    expect(paths.filter((path) => !/^[a-z][a-z_]*(\/[a-z][a-z_]*)+$/.test(path))).toEqual([]);
    const inAnother = paths.filter((path) => paths.some((other) => path.startsWith(`${other}/`)));
    expect(inAnother).toEqual([]);
  });

  it('is split by a column of its key when its files are partitions of a month', () => {
    for (const model of MODELS.filter(({ layout }) => layout === 'partitions')) {
      expect(model.key, model.name).toContain(splitOf(model));
      expect(model.key, model.name).toContain('date');
    }
  });

  it('that is made month by month looks things up by columns that both sides have', () => {
    for (const model of MODELS.filter(({ byMonth }) => byMonth !== undefined)) {
      const own = contractAt(curatedSchema(model)).columns;
      const named = tablesIn(modelSql({ layer: 'curated', name: model.name }));
      expect(model.layout, model.name).toBe('partitions');
      expect(named.map(sqlName)).toContain(sqlName(model.countedFrom));
      for (const [name, by] of Object.entries(model.byMonth?.lookups ?? {})) {
        const table = named.find((each) => sqlName(each) === name);
        expect(table, `${model.name} does not read ${name}`).toBeDefined();
        if (table === undefined) continue;
        const pairs = by.map((each) => each.split(' as '));
        expect(own).toEqual(expect.arrayContaining(pairs.map((pair) => pair.at(-1))));
        const columns =
          table.layer === 'staging'
            ? contractAt(`staging/${table.name}.schema.json`).columns
            : modelSql(table).match(/\w+/g);
        expect(columns).toEqual(expect.arrayContaining(pairs.map(([column]) => column)));
      }
      for (const name of model.byMonth?.sameMonth ?? []) {
        const table = named.find((each) => sqlName(each) === name);
        expect(table, `${model.name} does not read ${name}`).toBeDefined();
        if (table?.layer === 'curated') {
          expect(modelNamed(table.name).layout, name).toBe('partitions');
          expect(splitOf(modelNamed(table.name)), name).toBe('account_id');
        }
      }
    }
  });

  it('that looks back does so in one part of its text, which reads nothing but the columns that it says', () => {
    for (const { name, countedFrom, byMonth } of MODELS) {
      if (byMonth?.lookBack === undefined) continue;
      const parts = new Map(
        modelSql({ layer: 'curated', name })
          .split(/^\),?\s*/m)
          .map((text) => [/^(?:with )?(\w+) as \($/m.exec(text)?.[1] ?? 'end', text] as const),
      );
      const used = (part: string): string => {
        const text = parts.get(part) ?? '';
        const others = [...parts.keys()].filter((each) => text.includes(`from ${each}\n`));
        return [text, ...others.map(used)].join('\n)\n');
      };
      const looking = used(byMonth.lookBack.by);
      expect(tablesIn(looking), name).toEqual([countedFrom]);
      const { columns } = contractAt(`${countedFrom.layer}/${countedFrom.name}.schema.json`);
      const read = columnsNamed(looking, { table: countedFrom, columns });
      expect([...byMonth.lookBack.columns].sort(), name).toEqual([...read].sort());
      expect(read, name).toEqual(expect.arrayContaining(['account_id', 'date']));
    }
  });

  it('of the layer partial reads one dataset, whose files it tells apart', () => {
    for (const table of tables.filter(({ layer }) => layer === 'partial')) {
      const sql = modelSql(table);
      expect(tablesIn(sql).map(({ layer }) => layer)).toEqual(['staging']);
      expect(sql).toMatch(/^ +select( distinct)?\s+input\b/m);
    }
  });

  it('is asked for the columns that its text names, and for all where it takes everything', () => {
    const table = { layer: 'staging', name: 'ads' } as const;
    const of = { table, columns: ['ad_id', 'ad_name', 'status'] };
    expect(columnsNamed('select ad_id, count(*) from staging.ads where status = 1', of)).toEqual([
      'ad_id',
      'status',
    ]);
    expect(columnsNamed('select * from staging.ads', of)).toEqual(of.columns);
    expect(columnsNamed('select ads.* from staging.ads as ads', of)).toEqual(of.columns);
    expect(columnsNamed('select list.* from staging.ads as list', of)).toEqual(of.columns);
    expect(columnsNamed('select * from staging.ads_of_day', of)).toEqual([]);
  });

  it('is not asked for a column that its text names only where it does not read the table', () => {
    const of = {
      table: { layer: 'staging', name: 'ads' },
      columns: ['ad_id', 'ad_name', 'status'],
    } as const;
    const sql = [
      'with ads as (\n  select ad_id\n  from staging.ads\n),\n',
      'named as (\n  select ads.ad_id, names.ad_name\n  from ads\n  inner join names on true\n),\n',
      'active as (\n  select ad_id\n  from (\n    select ad_id, status\n    from staging.ads\n  ) as each\n)\n',
      'select * from named',
    ].join('\n');
    expect(columnsNamed(sql, of)).toEqual(['ad_id', 'status']);
  });

  it('gives the two tables of the client exactly their columns', () => {
    expect(contractAt('curated/metaads_campaigns_daily.schema.json').columns.join(', ')).toBe(
      'campaign_id, campaign_name, total_spend_usd, total_impressions, total_clicks, max_daily_reach, is_currently_active, avg_cpc, avg_ctr, total_conversions, roas',
    );
    expect(
      contractAt('curated/metaads_campaigns_performance_log.schema.json').columns.join(', '),
    ).toBe(
      'date, campaign_id, campaign_name, reach, cpc, spend_usd, impressions, clicks, meta_pixel_events, conversions, roas_daily',
    );
  });
});
