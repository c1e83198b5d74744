import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { isChosen } from '../../src/dataset.ts';
import { type Folded, fold, type LoadedBatch } from '../../src/fold/fold.ts';
import { CAMPAIGN_DAY_VERSIONS, type VersionRecord } from '../../src/history/version.ts';
import { foldVersions } from '../../src/history/version-fold.ts';
import { type CampaignScope, campaignInScope } from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { addsUp } from '../../src/stage.ts';
import { loadedBatch } from '../helpers/batches.ts';

const source = META_DATASETS.find(({ name }) => name === 'insights_campaign_day');
if (source === undefined) throw new Error('no insights_campaign_day');
const input = {
  partition: { account_id: '1', month: '2026-10' },
  source,
  contract: contractAt('raw/insights_campaign_day.schema.json'),
};

type Row = Readonly<Record<string, unknown>>;

function row(campaign: string, day: string, more: Row = {}): Row {
  return {
    campaign_id: campaign,
    date_start: day,
    date_stop: day,
    spend: '1.00',
    impressions: '10',
    clicks: '1',
    ...more,
  };
}

function purchases(count: string, value: string): Row {
  return {
    actions: [{ action_type: 'omni_purchase', value: count }],
    action_values: [{ action_type: 'omni_purchase', value }],
  };
}

function versions(...batches: readonly LoadedBatch[]): Folded {
  const result = foldVersions(input, batches);
  expect(addsUp(result.counts), JSON.stringify(result.counts)).toBe(true);
  return result;
}

function recordsOf(result: Folded): readonly VersionRecord[] {
  return result.rows.map(({ line }) => JSON.parse(line) as VersionRecord);
}

function story(result: Folded): readonly string[] {
  return recordsOf(result).map(
    ({ date_start, campaign_id, state, spend, purchases, purchase_value }) =>
      [date_start, campaign_id, state, spend, purchases, purchase_value].join(' '),
  );
}

describe('the versions of a campaign day', () => {
  it('are one for each answer in which a figure is new or different', () => {
    const result = versions(
      loadedBatch({ pages: [[row('1', '2026-10-01', purchases('1', '30.50'))]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', purchases('1', '30.50'))]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', purchases('2', '61.25'))]] }),
    );
    expect(story(result)).toEqual([
      '2026-10-01 1 known 1.00 1 30.50',
      '2026-10-01 1 known 1.00 2 61.25',
    ]);
    expect(result.counts).toMatchObject({ in: 0, added: 3, out: 2, superseded: 1 });
  });

  it('are none for a record that differs in what they do not hold', () => {
    const result = versions(
      loadedBatch({ pages: [[row('1', '2026-10-01', { reach: '5' })]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', { reach: '6' })]] }),
    );
    expect(story(result)).toEqual(['2026-10-01 1 known 1.00 0 0']);
  });

  it('have one without figures when the row is withdrawn, and one more when it comes back', () => {
    const result = versions(
      loadedBatch({ id: 'a', pages: [[row('1', '2026-10-01')]] }),
      loadedBatch({ id: 'b', pages: [[]] }),
      loadedBatch({ id: 'c', pages: [[]] }),
      loadedBatch({ id: 'd', pages: [[row('1', '2026-10-01')]] }),
    );
    expect(story(result)).toEqual([
      '2026-10-01 1 known 1.00 0 0',
      '2026-10-01 1 withdrawn   ',
      '2026-10-01 1 known 1.00 0 0',
    ]);
    expect(recordsOf(result).map(({ batch_id }) => batch_id)).toEqual(['a', 'b', 'd']);
  });

  it('keep what is known of a row that came and was refused', () => {
    const result = versions(
      loadedBatch({ pages: [[row('1', '2026-10-01')]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', { spend: '12,30' })]] }),
    );
    expect(story(result)).toEqual(['2026-10-01 1 known 1.00 0 0']);
  });

  it('say of a figure that staging would refuse that it cannot be read', () => {
    const spoiled = purchases('9999999999999', '5.00');
    const result = versions(
      loadedBatch({ pages: [[row('1', '2026-10-01')]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', spoiled)]] }),
    );
    expect(story(result)).toEqual(['2026-10-01 1 known 1.00 0 0', '2026-10-01 1 unreadable   ']);
  });
});

const day = fc.constantFrom('2026-10-01', '2026-10-02', '2026-11-01');
const campaign = fc.constantFrom('1', '2', '3');
const record = fc
  .tuple(campaign, day, fc.constantFrom('1.00', '2.00', '2.00', 'x'))
  .map(([id, date, spend]) => row(id, date, { spend }));
const scope: fc.Arbitrary<CampaignScope> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.subarray(['1', '2']).map((ids) => ({ kind: 'in' as const, ids })),
  fc.subarray(['1', '2']).map((ids) => ({ kind: 'not_in' as const, ids })),
);
const batch = fc
  .record({
    since: fc.constantFrom('2026-10-01', '2026-10-02'),
    until: fc.constantFrom('2026-10-02', '2026-11-05'),
    campaigns: scope,
    complete: fc.boolean(),
    rows: fc.array(record, { maxLength: 5 }),
    isTorn: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
    object: fc.constantFrom(undefined, undefined, undefined, '77'),
  })
  .map(({ rows, isTorn, object, ...more }) => {
    const inScope = rows.filter(({ campaign_id: id }) =>
      campaignInScope(more.campaigns, String(id)),
    );
    return {
      ...more,
      ...(object === undefined ? {} : { object }),
      pages: isTorn ? [Buffer.from('{"data":[{')] : [inScope],
    };
  });

/** What is known at the end, by day and campaign, of those that are not withdrawn. */
function lastKnown(result: Folded): Readonly<Record<string, unknown>> {
  const last = new Map<string, VersionRecord>();
  for (const each of recordsOf(result)) last.set(`${each.date_start} ${each.campaign_id}`, each);
  const known = [...last].filter(([, each]) => each.state === 'known');
  return Object.fromEntries(known.map(([name, each]) => [name, each.spend]));
}

describe('for any answers', () => {
  it('the last versions are what the fold of the dataset keeps', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), (sketches) => {
        const batches = sketches.map(loadedBatch);
        const rows = fold({ dataset: source, ...input }, batches).rows;
        const kept = rows.map(({ line }) => JSON.parse(line) as Record<string, string>);
        const expected = kept.map((one) => [`${one.date_start} ${one.campaign_id}`, one.spend]);
        expect(lastKnown(versions(...batches))).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('folding only what is new gives what folding everything gives', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), fc.nat({ max: 8 }), (sketches, cut) => {
        const batches = sketches.map(loadedBatch);
        const whole = versions(...batches);
        const first = versions(...batches.slice(0, cut));
        const rest = foldVersions(input, batches.slice(cut), first);
        expect(rest.rows).toEqual(whole.rows);
        expect(rest.counts).toEqual(whole.counts);
      }),
      { numRuns: 200 },
    );
  });

  it('reading plainly gives the same', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (sketches) => {
        const batches = sketches.map(loadedBatch);
        const plain = foldVersions({ ...input, engine: 'plain' }, batches);
        expect(versions(...batches).rows.map(({ line }) => line)).toEqual(
          plain.rows.map(({ line }) => line),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('each keeps its contract', () => {
    const contract = contractAt(`raw/${CAMPAIGN_DAY_VERSIONS.name}.schema.json`);
    const made = versions(
      loadedBatch({ pages: [[row('1', '2026-10-01', purchases('1', '2'))]] }),
      loadedBatch({ pages: [[]] }),
    );
    expect(recordsOf(made).flatMap((one) => contract.check(one))).toEqual([]);
    expect(made.rows).toHaveLength(2);
  });
});

describe('a choice of datasets', () => {
  it('takes the versions with the dataset that they are of', () => {
    expect(isChosen(CAMPAIGN_DAY_VERSIONS, ['insights_campaign_day'])).toBe(true);
    expect(isChosen(CAMPAIGN_DAY_VERSIONS, ['campaign_day_versions'])).toBe(true);
    expect(isChosen(CAMPAIGN_DAY_VERSIONS, undefined)).toBe(true);
    expect(isChosen(CAMPAIGN_DAY_VERSIONS, ['insights_ad_day'])).toBe(false);
  });
});
