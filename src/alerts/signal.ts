import { parse } from 'csv-parse/sync';
import type { Dataset } from '../dataset.ts';
import { readIfThere } from '../file.ts';
import { LAKE_SIGNALS } from '../platforms/internal/datasets.ts';
import { type Lake, stagingFile } from '../zone.ts';
import type { Signal } from './landed.ts';

/** What a run looked at, and what it found there. */
export interface Noticed {
  readonly rule: Signal['rule'];
  readonly subject: string;
  /** What was found, as a sentence; null: it was looked at, and nothing was wrong. */
  readonly evidence: string | null;
}

/**
 * The signals that are news on `day` (UTC): what holds, once a day, and what held and no longer does.
 * What was not looked at is no news.
 */
export function newSignals(
  lake: Lake,
  noticed: readonly Noticed[],
  day: string,
): readonly Signal[] {
  const known = knownSignals(lake);
  return noticed.flatMap(({ rule, subject, evidence }): readonly Signal[] => {
    const last = known.filter((one) => one.rule === rule && one.subject === subject).at(-1);
    if (evidence === null) {
      if (last?.holds !== true) return [];
      return [{ rule, subject, day, evidence: `${last.evidence} Not any more.`, holds: false }];
    }
    const isKnown = last?.holds === true && last.day === day;
    return isKnown ? [] : [{ rule, subject, day, evidence, holds: true }];
  });
}

type KnownSignal = Pick<Signal, 'subject' | 'day' | 'evidence' | 'holds'> & {
  readonly rule: string;
};

/** By the file that the last run left, oldest first. */
function knownSignals(lake: Lake): readonly KnownSignal[] {
  const bytes = readIfThere(fileOf(lake, LAKE_SIGNALS));
  if (bytes === null) return [];
  const rows = parse(bytes, { columns: true }) as Readonly<Record<string, string>>[];
  return rows
    .map(({ rule = '', subject = '', day = '', evidence = '', holds }) => ({
      rule,
      subject,
      day,
      evidence,
      holds: holds === 'true',
    }))
    .sort((left, right) => (left.day < right.day ? -1 : 1));
}

function fileOf(lake: Lake, dataset: Dataset): string {
  return stagingFile(lake, dataset, { account_id: 'all', month: 'all' });
}
