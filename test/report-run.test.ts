import { describe, expect, it } from 'vitest';
import { reportRun, stageTable } from '../src/report-run.ts';
import type { StageReport } from '../src/run.ts';
import type { RunRecord } from '../src/run-record.ts';
import { NO_ROWS } from '../src/stage.ts';
import type { ExtractSummary } from '../src/stages/api-to-landing.ts';

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

const ACCOUNT: ExtractSummary['accounts'][number] = {
  ...{
    account_id: '1001',
    platform: 'meta',
    name: null,
    currency: null,
    timezone: null,
    today: '2026-11-20',
  },
  ...{ calls: 9, batches: 9, rows: 9, callsSaved: 0, callsByName: 0 },
  ...{ campaignsActive: 1, campaignsLeftOut: 0, waiting: [], gaps: [], notAsked: [] },
};

/** A run that pulled, and did nothing else. */
function pulling(accounts: ExtractSummary['accounts']): RunRecord {
  const counted = { calls: 9, batches: 9, rows: 9, callsSaved: 0, callsByName: 0, waitsSeconds: 0 };
  return {
    ...{ run_id: '1', started_at: '2026-11-20T08:00:00Z', ended_at: '2026-11-20T08:01:00Z' },
    ...{ exit_code: 0, command: 'run', lake: '/lake', source: 'real', today: null, selection: {} },
    ...{ stages: [], accounts: [], quality: null, warnings: [], changes: null, report: null },
    quarantine: { refused: 0, read: 0, share: 0, allowed: 0.01, held: 0 },
    extract: { accounts, ...counted },
    alerts: null,
  };
}

describe('the end of a run that pulled', () => {
  it('says in a line in how many accounts old details are asked for weekly, and where to read which', () => {
    const waiting = [{ dataset: 'ad_creatives', window: null, asked_on: '2026-11-22' }];
    const accounts = [ACCOUNT, { ...ACCOUNT, account_id: '1002', waiting }];
    expect(reportRun(pulling(accounts))).toContain(
      'Older details of 1 account are asked for once a week: `adlake status` says which, and when.',
    );
    expect(reportRun(pulling([ACCOUNT]))).not.toContain('once a week');
  });
});
