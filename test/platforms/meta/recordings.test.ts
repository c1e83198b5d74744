import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../../src/contract.ts';
import { isDecimal, sumOf } from '../../../src/decimal.ts';
import { staged } from '../../helpers/raw.ts';

const folder = '../../../../shared/fixtures/graph-recordings/recordings/';
const recordings = fileURLToPath(new URL(folder, import.meta.url));

type Json = Readonly<Record<string, unknown>>;

/** Every object in a recording that satisfies the condition, however deep it lies. */
function objectsIn(value: unknown, is: (object: Json) => boolean): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((one) => objectsIn(one, is));
  if (typeof value !== 'object' || value === null) return [];
  const object = value as Json;
  const inside = Object.values(object).flatMap((one) => objectsIn(one, is));
  return is(object) ? [object, ...inside] : inside;
}

function recorded(name: string, is: (object: Json) => boolean): readonly Json[] {
  return objectsIn(JSON.parse(readFileSync(`${recordings}${name}`, 'utf8')), is);
}

describe.skipIf(!existsSync(recordings))(
  'recorded answers of the API (skipped when absent)',
  () => {
    it('flatten without a violation, insight by insight', () => {
      const rows = recorded('adsinsights.json', (one) => 'date_start' in one);
      expect(rows.length).toBeGreaterThan(30);
      const contract = contractAt('raw/insights_ad_day.schema.json');
      expect(rows.flatMap((row) => contract.check(row))).toEqual([]);
      const flat = rows.flatMap((row) => staged('insights_ad_day', row));
      expect(flat.length).toBe(rows.length);
      const money = (values: readonly unknown[]): string => sumOf(values.filter(isDecimal));
      expect(money(flat.map((row) => row.spend))).toBe(money(rows.map((row) => row.spend)));
      expect(flat.some((row) => row.video_p95 !== null && row.video_p25 === null)).toBe(true);
    });

    it('flatten without a violation, ad by ad', () => {
      const ads = recorded('ads.json', (one) => 'id' in one && 'name' in one);
      expect(ads.length).toBeGreaterThan(100);
      for (const name of ['ads', 'ad_sets', 'campaigns']) {
        const contract = contractAt(`raw/${name}.schema.json`);
        expect(ads.flatMap((ad) => contract.check(ad))).toEqual([]);
        expect(ads.flatMap((ad) => staged(name, ad))).toHaveLength(ads.length);
      }
    });
  },
);
