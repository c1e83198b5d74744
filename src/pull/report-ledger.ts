import { readIfThere, writeAtomically } from '../file.ts';
import { daysBetween, isDay } from '../window.ts';
import { cacheFile, type Lake } from '../zone.ts';

/** A report that was ordered. */
export interface OrderedReport {
  readonly run_id: string;
  readonly account_id: string;
  /** The account's own day when it was ordered: its figures are those of that day. */
  readonly today: string;
  /** When it was ordered, an instant in UTC. */
  readonly ordered_at: string;
  /** The platform has said that it is too large: it is not ordered again that day. */
  readonly is_too_large: boolean;
}

/** Where Meta's reports are kept. */
const META_FILE = 'api_reports.json';

/** Meta forgets a report after 30 days, and no other platform keeps one for longer. */
const KEPT_DAYS = 30;

/**
 * Which reports of a platform were ordered and have not landed, in a file of the cache. Every order is
 * written down before the report is asked after, so that a run that is killed does not order it twice.
 */
export class ReportLedger {
  private readonly path: string;
  private readonly reports: Map<string, OrderedReport>;

  /** `file`: its name in the cache, one for each platform. */
  constructor(lake: Lake, file: string = META_FILE) {
    this.path = cacheFile(lake, file);
    this.reports = readLedger(this.path);
  }

  /**
   * The report that was ordered for a question on the same account day; null when there is none. One
   * of an earlier day has the figures of that day, and is dropped.
   */
  find(key: string, today: string): OrderedReport | null {
    const found = this.reports.get(key);
    if (found === undefined) return null;
    if (found.today === today) return found;
    this.drop([key]);
    return null;
  }

  /** Writes an order down; durable when it returns. Throws a disk error as it comes. */
  keep(key: string, report: OrderedReport): void {
    this.reports.set(key, report);
    this.save();
  }

  /** Forgets reports: they have landed, or are of no use. */
  drop(keys: readonly string[]): void {
    const dropped = keys.filter((key) => this.reports.delete(key));
    if (dropped.length > 0) this.save();
  }

  private save(): void {
    const newest =
      [...this.reports.values()]
        .map(({ today }) => today)
        .sort()
        .at(-1) ?? '';
    for (const [key, { today }] of this.reports) {
      if (daysBetween(today, newest) > KEPT_DAYS) this.reports.delete(key);
    }
    const reports = Object.fromEntries([...this.reports].sort(([a], [b]) => (a < b ? -1 : 1)));
    const text = `${JSON.stringify({ reports }, null, 2)}\n`;
    writeAtomically(this.path, Buffer.from(text));
  }
}

/** A cache that cannot be read is as good as none. */
function readLedger(path: string): Map<string, OrderedReport> {
  try {
    const text = readIfThere(path)?.toString('utf8') ?? '{}';
    const { reports } = JSON.parse(text) as { readonly reports?: Record<string, OrderedReport> };
    return new Map(Object.entries(reports ?? {}).filter(([, report]) => isReport(report)));
  } catch {
    return new Map();
  }
}

function isReport(value: unknown): boolean {
  const { run_id, today, ordered_at } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    typeof run_id === 'string' &&
    isDay(String(today)) &&
    /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(String(ordered_at))
  );
}
