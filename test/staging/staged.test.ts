import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { formatLineage, LINEAGE_COLUMNS } from '../../src/fold/lineage.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { addsUp } from '../../src/stage.ts';
import { type StagedLines, stageRecords } from '../../src/staging/staged.ts';
import { LINEAGE } from '../helpers/flattened.ts';
import { temporaryLake } from '../helpers/lake.ts';

const PIXEL = '917042523049733';

/** Stages hour buckets of a pixel, as raw would hold them. */
function stageHours(records: readonly unknown[]): StagedLines {
  const { home } = temporaryLake();
  const [raw, lineage] = [join(home, 'raw.ndjson'), join(home, 'raw.lineage.csv')];
  writeFileSync(raw, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const sidecar = records.map((_, at) =>
    formatLineage({ ...LINEAGE, object_id: PIXEL, row: at + 1 }),
  );
  writeFileSync(lineage, `${[LINEAGE_COLUMNS.join(','), ...sidecar].join('\n')}\n`);
  const dataset = DATASETS.find((one) => one.name === 'pixel_events_hour');
  if (dataset === undefined) throw new Error('no dataset');
  const staged = stageRecords({
    dataset,
    partition: { account_id: '1', month: '2026-10' },
    contract: contractAt('staging/pixel_events_hour.schema.json'),
    raw,
    lineage,
  });
  expect(addsUp(staged.counts), JSON.stringify(staged.counts)).toBe(true);
  return staged;
}

function bucket(start: string, counts: Readonly<Record<string, number>>): unknown {
  const data = Object.entries(counts).map(([value, count]) => ({ value, count }));
  return { start_time: start, aggregation: 'event', data };
}

function eventsOf(staged: StagedLines): readonly string[] {
  return staged.lines.map((line) => line.split(',').slice(4, 6).join('='));
}

describe('records of a partition', () => {
  it('become rows in the order of their key, whatever order they came in', () => {
    const staged = stageHours([
      bucket('2026-10-02T09:00:00-0700', { b: 1, a: 2 }),
      bucket('2026-10-01T09:00:00-0700', { c: 3 }),
    ]);
    expect(eventsOf(staged)).toEqual(['c=3', 'a=2', 'b=1']);
    expect(staged.counts).toMatchObject({ in: 2, added: 1, out: 3 });
  });

  it('that bring rows of a key twice are told by their own text and place, once each', () => {
    const again = bucket('2026-10-01T09:00:00-07:00', { a: 5, b: 6, c: 7 });
    const staged = stageHours([
      bucket('2026-10-01T09:00:00-0700', { a: 1, b: 2 }),
      bucket('2026-10-01T10:00:00-0700', { a: 1 }),
      again,
    ]);
    expect(eventsOf(staged)).toEqual(['a=1', 'b=2', 'c=7', 'a=1']);
    expect(staged.counts).toMatchObject({ in: 3, added: 3, out: 4, quarantined: 2 });
    expect(staged.quarantined).toHaveLength(1);
    expect(staged.quarantined[0]).toMatchObject({ row: 3, record: JSON.stringify(again) });
    expect(staged.quarantined[0]?.violations.map((one) => one.reason)).toEqual([
      expect.stringContaining('event a'),
      expect.stringContaining('event b'),
    ]);
  });

  it('are refused whole when one of their rows is', () => {
    const staged = stageHours([
      bucket('2026-10-01T09:00:00-0700', { a: 1, b: -2 }),
      bucket('2026-10-01T10:00:00-0700', { a: 1 }),
    ]);
    expect(eventsOf(staged)).toEqual(['a=1']);
    expect(staged.counts).toMatchObject({ in: 2, added: 0, out: 1, quarantined: 1 });
    expect(staged.quarantined[0]).toMatchObject({ row: 1, pointer: '/count' });
  });

  it('that are empty become no row, and are accounted for', () => {
    const { counts } = stageHours([bucket('2026-10-01T09:00:00-0700', {})]);
    expect(counts).toMatchObject({ in: 1, added: -1, out: 0, quarantined: 0 });
  });
});
