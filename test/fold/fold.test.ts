import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contract, contractAt } from '../../src/contract.ts';
import { type Folded, fold, type LoadedBatch } from '../../src/fold/fold.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { addsUp } from '../../src/stage.ts';
import { loadedBatch } from '../helpers/batches.ts';

const dataset = META_DATASETS.find((one) => one.name === 'insights_campaign_day') as NonNullable<
  (typeof META_DATASETS)[number]
>;
const contract: Contract = contractAt('raw/insights_campaign_day.schema.json');
const partition = { account_id: '1', month: '2026-10' };

function row(campaign: string, day: string, spend = '1.00'): Record<string, string> {
  return { campaign_id: campaign, date_start: day, date_stop: day, spend, impressions: '10' };
}

function folded(...batches: readonly LoadedBatch[]): Folded {
  const result = fold({ dataset, contract, partition }, batches);
  expect(addsUp(result.counts), JSON.stringify(result.counts)).toBe(true);
  return result;
}

function lines(result: Folded): readonly string[] {
  return result.rows.map((one) => one.line);
}

function spendOf(result: Folded): Readonly<Record<string, string>> {
  return Object.fromEntries(
    result.rows.map((one) => {
      const record = JSON.parse(one.line) as Record<string, string>;
      return [`${record.campaign_id} ${record.date_start}`, record.spend ?? ''];
    }),
  );
}

describe('a batch replaces exactly what it asked for', () => {
  it('replaces rows of the same key by those of the later answer', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01', '1.00')]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', '2.50')]] }),
    );
    expect(spendOf(result)).toEqual({ '1 2026-10-01': '2.50' });
    expect(result.counts).toMatchObject({ in: 2, out: 1, superseded: 1 });
  });

  it('withdraws a row that was in scope and did not come back', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01'), row('2', '2026-10-01')]] }),
      loadedBatch({ pages: [[row('2', '2026-10-01')]] }),
    );
    expect(spendOf(result)).toEqual({ '2 2026-10-01': '1.00' });
    expect(result.counts).toMatchObject({ withdrawn: 1, superseded: 1 });
  });

  it('keeps a campaign that was filtered out of the request', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01'), row('2', '2026-10-01')]] }),
      loadedBatch({ campaigns: { kind: 'not_in', ids: ['1'] }, pages: [[]] }),
    );
    expect(spendOf(result)).toEqual({ '1 2026-10-01': '1.00' });
  });

  it('keeps what could not be had, and withdraws all else that did not come back', () => {
    const all = { kind: 'all' } as const;
    const lost = { campaigns: { kind: 'in', ids: ['1'] }, ad_sets: all, ads: all, why: 'too much' };
    const first = loadedBatch({ pages: [[row('1', '2026-10-01'), row('2', '2026-10-01')]] });
    const again = loadedBatch({ pages: [[]] });
    const missing = (fields: readonly string[] | null): LoadedBatch => {
      const scope = { ...again.batch.scope, missing: [{ ...lost, fields }] };
      return { ...again, batch: { ...again.batch, scope } as LoadedBatch['batch'] };
    };
    expect(spendOf(folded(first, missing(null)))).toEqual({ '1 2026-10-01': '1.00' });
    expect(spendOf(folded(first, missing(['actions'])))).toEqual({});
  });

  it('keeps days outside the days asked for', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01'), row('1', '2026-10-20')]] }),
      loadedBatch({ since: '2026-10-15', pages: [[]] }),
    );
    expect(spendOf(result)).toEqual({ '1 2026-10-01': '1.00' });
  });

  it('withdraws nothing on the word of captured pages', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01')]] }),
      loadedBatch({ complete: false, source: 'captured', pages: [[row('2', '2026-10-02')]] }),
    );
    expect(Object.keys(spendOf(result))).toEqual(['1 2026-10-01', '2 2026-10-02']);
  });

  it('withdraws nothing when a page of the answer cannot be read', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01')]] }),
      loadedBatch({ pages: [[row('2', '2026-10-02')], Buffer.from('{"data":[{"campaign_id"')] }),
    );
    expect(Object.keys(spendOf(result))).toEqual(['1 2026-10-01', '2 2026-10-02']);
    expect(result.quarantined[0]?.reason).toContain('not JSON');
  });

  it('keeps the last good version of a row whose newest version is refused', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01', '1.00'), row('2', '2026-10-01')]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', '12,30')]] }),
    );
    expect(spendOf(result)).toEqual({ '1 2026-10-01': '1.00' });
    expect(result.quarantined[0]).toMatchObject({ pointer: '/spend', row: 1 });
    expect(result.counts).toMatchObject({ quarantined: 1, withdrawn: 1 });
  });
});

describe('quarantine', () => {
  it.each([
    ['an id sent as a number', { ...row('1', '2026-10-01'), campaign_id: 12 }, '/campaign_id'],
    ['spend with a decimal comma', row('1', '2026-10-01', '12,30'), '/spend'],
    ['negative spend', row('1', '2026-10-01', '-1.00'), '/spend'],
    ['a day outside the scope', row('1', '2026-11-05'), '/date_start'],
    ['a day that does not exist', row('1', '2026-02-30'), '/date_start'],
    ['another account', { ...row('1', '2026-10-01'), account_id: '2' }, '/account_id'],
    ['a missing required field', { date_start: '2026-10-01', spend: '1' }, '/campaign_id'],
    ['a record that is no object', 'text', ''],
  ])('takes %s, with reason and pointer, and the rest goes on', (_, bad, pointer) => {
    const result = folded(loadedBatch({ pages: [[bad, row('9', '2026-10-09')]] }));
    expect(Object.keys(spendOf(result))).toEqual(['9 2026-10-09']);
    expect(result.quarantined.flatMap((one) => one.violations.map((v) => v.pointer))).toContain(
      pointer,
    );
    expect(result.quarantined[0]?.reason).not.toBe('');
  });

  it('takes an empty page', () => {
    const result = folded(loadedBatch({ pages: [Buffer.alloc(0)] }));
    expect(result.quarantined[0]?.reason).toBe('the page is empty');
  });

  it('is left by a record that a later answer brings whole', () => {
    const result = folded(
      loadedBatch({ pages: [[row('1', '2026-10-01', '12,30')]] }),
      loadedBatch({ pages: [[row('1', '2026-10-01', '12.30')]] }),
    );
    expect(result.quarantined).toEqual([]);
    expect(result.counts).toMatchObject({ in: 2, out: 1, superseded: 1 });
  });

  it('is left by a record that was mended', () => {
    const bad = loadedBatch({ pages: [[{ ...row('1', '2026-10-01'), campaign_id: 12 }]] });
    const id = folded(bad).quarantined[0]?.id;
    const mended = loadedBatch({
      complete: false,
      source: 'correction',
      request: { corrects: id },
      pages: [[row('12', '2026-10-01')]],
    });
    expect(folded(bad, mended).quarantined).toEqual([]);
  });
});

describe('a row twice in one answer', () => {
  it('counts once when it is the same', () => {
    const twice = [row('1', '2026-10-01'), row('1', '2026-10-01')];
    expect(folded(loadedBatch({ pages: [twice] })).counts).toMatchObject({ out: 1, superseded: 1 });
  });

  it('keeps one and quarantines the other when they differ, whatever their order', () => {
    const pair = [row('1', '2026-10-01', '1.00'), row('1', '2026-10-01', '2.00')];
    const one = folded(loadedBatch({ pages: [pair] }));
    const other = folded(loadedBatch({ pages: [[...pair].reverse()] }));
    expect(lines(one)).toEqual(lines(other));
    expect(one.quarantined).toHaveLength(1);
  });
});

describe('raw is faithful', () => {
  it('keeps each record as it was sent, to the letter', () => {
    const text =
      '{"data":[ {"campaign_id" : "120210000000000001","date_start":"2026-10-01","date_stop":"2026-10-01",' +
      '"spend":"1.10","x":1.10e2,"name":"\\u00e9 \\", é","__proto__":{"a":1},"n":120210000000000001} ]}';
    const result = folded(loadedBatch({ pages: [Buffer.from(text)] }));
    expect(lines(result)).toEqual([
      '{"campaign_id":"120210000000000001","date_start":"2026-10-01","date_stop":"2026-10-01",' +
        '"spend":"1.10","x":1.10e2,"name":"\\u00e9 \\", é","__proto__":{"a":1},"n":120210000000000001}',
    ]);
    expect([...result.drift.keys()]).toEqual(
      expect.arrayContaining(['x', 'name', '__proto__', 'n']),
    );
  });

  it('holds a name of ten megabytes', () => {
    const name = 'n'.repeat(10_000_000);
    const result = folded(
      loadedBatch({ pages: [[{ ...row('1', '2026-10-01'), campaign_name: name }]] }),
    );
    expect(result.rows[0]?.line).toContain(name);
  });

  it('does not depend on the order of pages or of rows inside them', () => {
    const rows = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 28 })),
      { selector: ([campaign, day]) => `${campaign} ${day}`, maxLength: 30 },
    );
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (keys, stream) => {
        const records = keys.map(([campaign, day]) =>
          row(String(campaign), `2026-10-${String(day).padStart(2, '0')}`),
        );
        const shuffled = [...records]
          .map((record) => ({ record, at: stream.next().value as number }))
          .sort((left, right) => left.at - right.at)
          .map((one) => one.record);
        const half = Math.floor(shuffled.length / 2);
        const straight = folded(loadedBatch({ pages: [records] }));
        const permuted = folded(
          loadedBatch({ pages: [shuffled.slice(half), shuffled.slice(0, half)] }),
        );
        expect(lines(permuted)).toEqual(lines(straight));
      }),
    );
  });

  it('gives the same for one window and for the same window split over two answers', () => {
    const early = [row('1', '2026-10-01'), row('2', '2026-10-14')];
    const late = [row('1', '2026-10-15'), row('2', '2026-10-31')];
    const whole = folded(loadedBatch({ pages: [[...late, ...early]] }));
    const split = folded(
      loadedBatch({ since: '2026-10-15', pages: [late] }),
      loadedBatch({ until: '2026-10-14', pages: [early] }),
    );
    expect(lines(split)).toEqual(lines(whole));
  });
});

describe('entity pages with nested insights', () => {
  it('give their insights, and objects without insights give none', () => {
    const pages = [
      [{ id: '7' }, { id: '8', insights: { data: [row('1', '2026-10-01')], paging: {} } }],
    ];
    expect(Object.keys(spendOf(folded(loadedBatch({ pages }))))).toEqual(['1 2026-10-01']);
  });
});
