import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../src/checkout.ts';
import { contractAt } from '../src/contract.ts';

interface Column {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
}

interface Schema {
  readonly 'x-personal'?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, Column>>;
}

const PATHS = ['raw', 'staging', 'curated'].flatMap((zone) =>
  readdirSync(join(CHECKOUT, 'schemas', zone)).map((name) => `${zone}/${name}`),
);

/** Words in the name of a column that speak of people, or of what people write. */
const SUSPECT =
  /(^|_)(name|e?mail|phone|persons?|customer|user|actor|owner|author|people|title|body|headline|caption|text|note|comment|message|description|urls?|link|address|ip|age|gender|region|country|payor|beneficiary|agency|partner|business|funding|creative|utm|click_id|order_id)($|_)/;
/** Columns that tell one person from another, whatever their form. */
const OF_ONE = /(^|_)(customer|person|e?mail|phone|actor)_?(key|id|address)?$/;
/** What is named so and is something else: time zones, tables, adlake's own sentences, and counts. */
const HARMLESS =
  /^(timezone_name|table_name|customer_(type|file_source)|(fx|fx_\w+|spend|revenue|blended|marginal|offline|orders)_note(_28d)?|is_\w+|link_clicks_source|use_\w+|business_country_code|\w*_by_advertiser_time_zone|note_id|creative_id|image_read_by|lookalike_country|special_ad_category_country)$/;

/** Sentences that adlake makes, whom a benchmark is about, the age of an account, names of settings. */
const OWN_WORDS = new Set([
  'curated/benchmark_comparison.schema.json note',
  'curated/benchmark_comparison.schema.json country',
  'staging/benchmarks.schema.json country',
  'raw/ad_accounts.schema.json age',
  'raw/preferences.schema.json name',
  'staging/preferences.schema.json name',
]);

/** Columns of text, whose name is suspect, that the contract says nothing of. */
function unstated(schema: Schema, path = ''): readonly string[] {
  const { properties = {}, 'x-personal': stated = {} } = schema;
  return Object.entries(properties)
    .filter(([name, column]) => isFree(column) || OF_ONE.test(name))
    .map(([name]) => name)
    .filter(
      (name) =>
        SUSPECT.test(name) &&
        !HARMLESS.test(name) &&
        !OWN_WORDS.has(`${path} ${name}`) &&
        !Object.hasOwn(stated, name),
    );
}

/** Numbers, days and words from a list hold nothing that a person wrote. */
function isFree({ type, enum: words, pattern, format }: Column): boolean {
  const types = type === undefined ? ['string'] : [type].flat();
  const isText = types.some((one) => one === 'string' || one === 'object' || one === 'array');
  return isText && words === undefined && pattern === undefined && format === undefined;
}

describe('what a dataset may hold of people', () => {
  it.each(PATHS)('is said in its contract: %s', (path) => {
    const schema = contractAt(path).schema as Schema;
    const stated = schema['x-personal'];
    expect(stated, 'x-personal, {} when there is nothing').toBeDefined();
    expect(contractAt('personal_data.schema.json').check(stated)).toEqual([]);
    const columns = Object.keys(schema.properties ?? {});
    expect(Object.keys(stated ?? {}).filter((name) => !columns.includes(name))).toEqual([]);
    expect(unstated(schema, path)).toEqual([]);
  });

  it('is missed where a contract does not say it', () => {
    const properties = {
      customer_email: { type: 'string' },
      spend: { type: 'string', pattern: '' },
    };
    expect(unstated({ properties })).toEqual(['customer_email']);
    expect(unstated({ properties, 'x-personal': { customer_email: 'key' } })).toEqual([]);
    const wrong = contractAt('personal_data.schema.json').check({ customer_email: 'safe' });
    expect(wrong).not.toEqual([]);
  });
});
