import { describe, expect, it } from 'vitest';
import { stageTable } from '../src/report-run.ts';
import type { StageReport } from '../src/run.ts';
import { NO_ROWS } from '../src/stage.ts';

const STAGE = {
  ...{ tasks: 1, done: 1, fresh: 0, notes: [] },
  ...{ filesWritten: 1, bytesWritten: 9, seconds: 0.1 },
};

/** A stage that takes lists apart, and one that sums days up. */
const STAGES: readonly StageReport[] = [
  {
    ...STAGE,
    stage: 'raw-to-staging',
    counts: { ...NO_ROWS, in: 100, added: 7, out: 104, quarantined: 3 },
  },
  {
    ...STAGE,
    stage: 'staging-to-curated',
    counts: { ...NO_ROWS, in: 1200, added: -1100, out: 100 },
  },
];

describe('the table at the end of a run', () => {
  const [heads = [], ...lines] = stageTable(STAGES)
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

  it('has no number below zero: rows that went into others are combined, not added', () => {
    const place = heads.indexOf('combined');
    const combined = lines.slice(0, STAGES.length).map((cells) => cells[place]);
    expect([heads, combined]).toEqual([
      expect.arrayContaining(['added', 'combined']),
      ['0', '1,100'],
    ]);
  });

  it('adds up the way the line below it says', () => {
    const [said] = lines.flat().filter((cell) => cell.startsWith('Every row'));
    expect(said).toBe(
      'Every row is accounted for: in + added = combined + out + quarantined + superseded + withdrawn.',
    );
    const at = (cells: readonly string[], head: string): number =>
      Number(cells[heads.indexOf(head)]?.replaceAll(',', ''));
    for (const cells of lines.slice(0, STAGES.length)) {
      const right = ['combined', 'rows out', 'quarantined', 'superseded', 'withdrawn'];
      const sum = right.reduce((total, head) => total + at(cells, head), 0);
      expect(at(cells, 'rows in') + at(cells, 'added')).toBe(sum);
    }
  });
});
