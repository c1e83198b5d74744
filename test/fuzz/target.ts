import { toAdlakeError } from '../../src/errors.ts';
import type { Draw } from '../helpers/hostile-page.ts';

/** Something that takes what others made: one input is drawn and given to it. */
export interface Target {
  readonly name: string;
  /** Inputs of one case. */
  readonly batch: number;
  /** Gives what is wrong, or null. What it throws is wrong, too. */
  readonly feed: (draw: Draw) => string | null | Promise<string | null>;
}

/** Says null for an error that people get told, and what it is for one that nobody expected. */
export function unexpected(thrown: unknown): string | null {
  const error = toAdlakeError(thrown);
  if (error.code !== 'BUG') return null;
  return thrown instanceof Error ? `${thrown.stack}` : `threw ${String(thrown)}`;
}

/** Does it, and says of what it throws what `unexpected` does. */
export function tried(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return unexpected(error);
  }
}
