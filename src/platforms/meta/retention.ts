import { readIfThere, writeAtomically } from '../../file.ts';
import { addDays, daysBetween, type Window } from '../../window.ts';
import { cacheFile, type Lake } from '../../zone.ts';
import { HOUR_BREAKDOWN, type MetaDataset } from './datasets.ts';

/** Totals: 37 months, less a few days to be safe. Meta answers error 3018 to days before. */
export const TOTAL_DAYS = 1120;

/** Hourly breakdowns: 13 months, less a few days. Days before come without rows and without error. */
export const HOURLY_DAYS = 390;

/** Reach and other unique figures by any breakdown: 13 months; rows before come without them. */
export const UNIQUE_DAYS = 390;

/** How much further a day that was refused moves the limit: no second one is provoked. */
const STEP_DAYS = 31;

const FILE = 'api_history.json';

/**
 * Days before today that a dataset can be asked about (Meta, limits of insights and the changes of
 * 2025-06 and 2026-01), or fewer when Meta has refused some of these before.
 */
export function historyDays(lake: Lake, dataset: MetaDataset): number {
  const { request } = dataset;
  const isHourly = request.kind === 'insights' && request.breakdowns.includes(HOUR_BREAKDOWN);
  return Math.min(isHourly ? HOURLY_DAYS : TOTAL_DAYS, readRefused(lake));
}

/**
 * Remembers that a day was too far back, and gives how many days may be asked about from now on.
 * Throws a disk error as it comes.
 */
export function refuseHistory(
  lake: Lake,
  of: { readonly day: string; readonly today: string },
): number {
  const days = Math.min(readRefused(lake), daysBetween(of.day, of.today) - STEP_DAYS);
  const text = `${JSON.stringify({ history_days: Math.max(1, days) }, null, 2)}\n`;
  writeAtomically(cacheFile(lake, FILE), Buffer.from(text));
  return Math.max(1, days);
}

/** Sentences on what of a window cannot be had any more; none when all of it can. */
export function retentionNotes(
  dataset: MetaDataset,
  at: { readonly window: Window; readonly today: string; readonly historyDays: number },
): readonly string[] {
  const { window, today } = at;
  const oldest = addDays(today, -at.historyDays);
  const notes: string[] = [];
  if (window.since < oldest) {
    notes.push(`${dataset.name}: Meta keeps no days before ${oldest}, so they are not asked for.`);
  }
  const { request } = dataset;
  const hasParts = request.kind === 'insights' && request.breakdowns.length > 0;
  const whole = addDays(today, -UNIQUE_DAYS);
  if (hasParts && window.since < whole && at.historyDays > UNIQUE_DAYS) {
    notes.push(
      `${dataset.name}: days before ${whole} come without reach and other unique figures.`,
    );
  }
  return notes;
}

/** A cache that cannot be read is as good as none. */
function readRefused(lake: Lake): number {
  try {
    const text = readIfThere(cacheFile(lake, FILE))?.toString('utf8') ?? '{}';
    const { history_days: days } = JSON.parse(text) as { readonly history_days?: unknown };
    return typeof days === 'number' && days >= 1 ? days : TOTAL_DAYS;
  } catch {
    return TOTAL_DAYS;
  }
}
