import { daysOf } from '../../../window.ts';
import type { MetaDataset } from '../datasets.ts';
import type { Question } from '../requests.ts';
import type { Way } from './bring.ts';

/** What an answer's size is guessed from. */
export interface SizeFacts {
  /** Rows a day that earlier answers of a dataset brought at most; null when there were none. */
  readonly rowsPerDay: (dataset: MetaDataset) => number | null;
  /** Objects of a level that are likely to deliver on a day. */
  readonly objects: (level: string) => number;
  /** Campaigns of the account that are known, of every state. */
  readonly campaigns: number;
}

/**
 * Whether a question is asked page by page or as a report. A page is one call. A report costs an order
 * and some four polls beside its pages, so it pays only where pages would time out: from
 * `reportRows` expected rows on. What turns out to be too much for pages becomes a report all the same.
 */
export function wayOf(question: Question, facts: SizeFacts, reportRows: number): Way {
  if (question.dataset.request.kind !== 'insights') return 'pages';
  return expectedRows(question, facts) >= reportRows ? 'reports' : 'pages';
}

/**
 * Rows that a question is expected to bring: its days times the rows of a day. Those are what earlier
 * answers had; where there is none, the objects that are likely to deliver, times the values that
 * their breakdowns usually have. Named campaigns have their share of it.
 */
export function expectedRows(question: Question, facts: SizeFacts): number {
  const { dataset, window, campaigns } = question;
  if (window === null || dataset.request.kind !== 'insights') return 0;
  const { level, breakdowns } = dataset.request;
  const cells = breakdowns.reduce((product, name) => product * (CELLS[name] ?? UNKNOWN_CELLS), 1);
  const perDay = facts.rowsPerDay(dataset) ?? facts.objects(level) * cells;
  const share =
    campaigns.kind === 'in' ? Math.min(1, campaigns.ids.length / Math.max(1, facts.campaigns)) : 1;
  return daysOf(window).length * perDay * share;
}

/** Values that an object usually has rows of on a day, by breakdown. */
const CELLS: Readonly<Record<string, number>> = {
  age: 6,
  gender: 2,
  country: 3,
  region: 20,
  publisher_platform: 3,
  platform_position: 4,
  device_platform: 3,
  impression_device: 6,
  hourly_stats_aggregated_by_advertiser_time_zone: 20,
};

/** For a breakdown that is not in the list. */
const UNKNOWN_CELLS = 10;
