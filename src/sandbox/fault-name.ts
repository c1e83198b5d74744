import { AdlakeError } from '../errors.ts';

/** Every fault that the sandbox can be told to have. */
export const FAULT_NAMES = [
  'rate-limit-account',
  'rate-limit-app',
  'expired-token',
  'permission',
  'transient',
  'html-500',
  'empty-503',
  'cut-body',
  'reset',
  'slow',
  'too-large',
  'cursor-invalid',
  'job-failed',
  'job-stuck',
  'job-not-ready',
  'null-batch-entry',
  'duplicate-page',
  'new-field',
  'wrong-type',
  'restated',
  'deleted-object',
] as const;

/** The name of a fault. */
export type FaultName = (typeof FAULT_NAMES)[number];

/** Faults that are always there unless they are given a rate of their own. */
const CONSTANT: readonly FaultName[] = ['expired-token', 'permission', 'too-large'];

/** Which faults a sandbox is to have. */
export interface FaultSketch {
  readonly names: readonly string[];
  /** The rate of those that have none of their own, 0 to 1. */
  readonly rate: number;
  /** Rates of single faults, 0 to 1; a fault that is named here need not be in `names`. */
  readonly rates: Readonly<Partial<Record<FaultName, number>>>;
}

/**
 * The rate of each fault that is on. One that does not go away by trying again has a rate of 1
 * unless it was given its own. Throws an `AdlakeError` (USAGE) for a fault that does not exist or a
 * rate outside 0 to 1.
 */
export function faultRates(sketch: FaultSketch): ReadonlyMap<FaultName, number> {
  checkRate(sketch.rate);
  const rates = new Map<FaultName, number>();
  for (const name of sketch.names.map(faultNamed)) {
    rates.set(name, CONSTANT.includes(name) ? 1 : sketch.rate);
  }
  for (const [name, rate] of Object.entries(sketch.rates)) {
    checkRate(rate);
    rates.set(faultNamed(name), rate);
  }
  return rates;
}

/** The fault of a name. Throws an `AdlakeError` (USAGE) that names them all when there is none. */
export function faultNamed(name: string): FaultName {
  const fault = FAULT_NAMES.find((candidate) => candidate === name);
  if (fault !== undefined) return fault;
  throw new AdlakeError({
    code: 'USAGE',
    message: `Expected the name of a fault of the sandbox, found "${name}".`,
    remedy: `Use one of: ${FAULT_NAMES.join(', ')}.`,
  });
}

function checkRate(rate: number): void {
  if (rate >= 0 && rate <= 1) return;
  throw new AdlakeError({
    code: 'USAGE',
    message: `Expected a share of requests from 0 to 1 as the sandbox's fault rate, found ${rate}.`,
    remedy: 'Give a number such as 0.2: one request in five has a fault.',
  });
}
