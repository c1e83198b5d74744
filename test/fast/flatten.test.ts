import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { columnsOf } from '../../src/fast/column.ts';
import { flattenerFor } from '../../src/fast/flatten.ts';
import { acceptedOf, stagedBy } from '../helpers/engines.ts';
import { hostilePage, INSIGHTS } from '../helpers/hostile-page.ts';
import { lineage } from '../helpers/raw.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('the fast way from raw to staging', () => {
  it('gives the row that the plain way gives, or leaves the record to it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const page = hostilePage(seed);
        for (const { line: text, lineage } of acceptedOf(page)) {
          const line = { text, lineage, dataset: page.dataset };
          const quick = stagedBy(line, 'fast');
          if (quick !== null) expect(quick).toEqual(stagedBy(line, 'plain'));
        }
      }),
      { numRuns: 800 },
    );
  });

  it('leaves a record with a list twice to the plain way', () => {
    const [dataset] = INSIGHTS.filter(({ name }) => name === 'insights_ad_day');
    if (dataset === undefined) throw new Error('no dataset');
    const list = (type: string) => `"actions":[{"action_type":"${type}","value":"1"}]`;
    const day = '"ad_id":"1","date_start":"2026-10-01","date_stop":"2026-10-01"';
    const once = { dataset, lineage: lineage(), text: `{${day},${list('purchase')}}` };
    const twice = { ...once, text: `{${day},${list('purchase')},${list('lead')}}` };
    expect(stagedBy(once, 'fast')).toEqual(stagedBy(once, 'plain'));
    expect(stagedBy(twice, 'fast')).toBeNull();
  });

  it('leaves a record that had to do without fields to the plain way', () => {
    const [dataset] = INSIGHTS.filter(({ name }) => name === 'insights_ad_day');
    if (dataset === undefined) throw new Error('no dataset');
    const whole = '"ad_id":"1","date_start":"2026-10-01","date_stop":"2026-10-01"';
    const record = { dataset, lineage: lineage(), text: `{${whole}}` };
    expect(stagedBy(record, 'fast')).not.toBeNull();
    const degraded = { ...record, text: `{${whole},"_degraded":"actions"}` };
    expect(stagedBy(degraded, 'fast')).toBeNull();
  });

  it('is sure of enough records for the comparison to compare something', () => {
    let all = 0;
    let sure = 0;
    for (let seed = 0; seed < 500; seed++) {
      const page = hostilePage(seed);
      for (const { line: text, lineage } of acceptedOf(page)) {
        all++;
        if (stagedBy({ text, lineage, dataset: page.dataset }, 'fast') !== null) sure++;
      }
    }
    expect(sure / all).toBeGreaterThan(0.1);
  });

  it('knows the contracts of every insights dataset', () => {
    for (const dataset of INSIGHTS) {
      const raw = contractAt(`raw/${dataset.name}.schema.json`);
      const staging = contractAt(`staging/${dataset.name}.schema.json`);
      expect(flattenerFor({ raw, staging }, dataset.stagingKey), dataset.name).not.toBeNull();
    }
  });

  it('leaves a contract with a column that it does not fill to the plain way', () => {
    const raw = contractAt('raw/insights_ad_day.schema.json');
    const staging = contractAt('staging/insights_ad_day.schema.json');
    const properties = { ...staging.properties, made_up_column: { type: ['string', 'null'] } };
    const widened = { ...staging, properties: properties as typeof staging.properties };
    expect(flattenerFor({ raw, staging: widened }, ['account_id'])).toBeNull();
  });

  it('leaves a contract with a rule it does not know to the plain way', () => {
    const staging = contractAt('staging/insights_ad_day.schema.json');
    const ruled = (rule: object) => {
      const spend = { ...staging.properties.spend, ...rule };
      return columnsOf({ ...staging, properties: { ...staging.properties, spend } });
    };
    expect(ruled({ pattern: '^1$' })).not.toBeNull();
    for (const rule of [{ maxLength: 3 }, { type: 'number' }, { enum: ['1'] }, { format: 'uri' }]) {
      expect(ruled(rule)).toBeNull();
    }
  });
});
