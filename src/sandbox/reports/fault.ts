import { mix, uniform } from '../random.ts';

/** What a sandbox of reports can do wrong. */
export const REPORT_FAULTS = [
  'transient',
  'cut-body',
  'reset',
  'rate-limit',
  'token-expired',
  'report-failed',
] as const;

/** The name of a fault. */
export type ReportFault = (typeof REPORT_FAULTS)[number];

/** Faults that one question meets in a row at most, so that patience gets through. */
const MOST_IN_A_ROW = 2;

/**
 * Decides which request goes wrong and how: by the seed and the number of the request alone. The same
 * address never fails more than twice in a row.
 */
export class ReportFaults {
  private readonly plan: {
    readonly faults: readonly ReportFault[];
    readonly rate: number;
    readonly seed: number;
  };
  private readonly inARow = new Map<string, number>();
  private count = 0;

  constructor(plan: ReportFaults['plan']) {
    this.plan = plan;
  }

  /** The fault of the next request; null when it goes well. */
  next(address: string): ReportFault | null {
    const { faults, rate, seed } = this.plan;
    this.count++;
    const salt = mix(seed, this.count);
    const row = this.inARow.get(address) ?? 0;
    const name = faults[Math.floor(uniform(salt, 2) * faults.length)];
    if (name === undefined || row >= MOST_IN_A_ROW || uniform(salt, 1) >= rate) {
      this.inARow.set(address, 0);
      return null;
    }
    this.inARow.set(address, row + 1);
    return name;
  }
}
