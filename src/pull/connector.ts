import type { Dataset } from '../dataset.ts';
import type { Window } from '../window.ts';

/** A report that a platform is asked for again and again, of each account. */
export interface ReportKind {
  /** Its name in the batch: what is asked for in one kind replaces nothing of another. */
  readonly name: string;
  /** In words, as the beginning of a label. */
  readonly label: string;
  /** Days that the platform answers in one question, at most. */
  readonly mostDays: number;
  /** Days before today that it can be asked about. */
  readonly historyDays: number;
}

/** Who an account is, as the platform says. */
export interface AccountIdentity {
  readonly name: string | null;
  /** ISO 4217 code; null when the platform does not say. */
  readonly currency: string | null;
  /** IANA name: the account's days are days there. */
  readonly timezone: string;
}

/** One question about one account. */
export interface ReportQuestion {
  readonly accountId: string;
  readonly kind: ReportKind;
  /** Account days, both inclusive. */
  readonly window: Window;
  /** The account's own day. */
  readonly today: string;
}

/** A platform that reports are pulled from. Lives as long as a run: close it. */
export interface Connector {
  readonly platform: string;
  /** Its name for people. */
  readonly label: string;
  readonly dataset: Dataset;
  readonly accountIds: readonly string[];
  readonly kinds: readonly ReportKind[];
  readonly apiVersion: string;
  /** Questions that an account has under way at once. */
  readonly workers: number;
  /** How its pages are laid out: where their rows lie, and whether they are packed. */
  readonly pages: { readonly rows: string; readonly isGzip: boolean };
  /** True for a column that says again what another one says: it is left in landing. */
  readonly isIdle: (header: string) => boolean;
  /** True for a figure that is kept under its own name, and not as what the mapping takes it for. */
  readonly isOther: (header: string) => boolean;
  readonly identify: (accountId: string) => Promise<AccountIdentity>;
  /** Gives every page of an answer as it comes, in order. Ends when the answer is whole, else throws. */
  readonly bring: (question: ReportQuestion, put: (page: Buffer) => void) => Promise<void>;
  /** What is asked, as the batch says it; without a token. */
  readonly describe: (question: ReportQuestion) => Readonly<Record<string, unknown>>;
  /** The answer has landed: what was remembered of it may be forgotten. */
  readonly landed: (question: ReportQuestion) => void;
  readonly callsOf: (accountId: string) => number;
  readonly waitsSeconds: () => number;
  readonly close: () => Promise<void>;
}

/** A question in words. */
export function reportLabel({ accountId, kind, window }: ReportQuestion): string {
  const { since, until } = window;
  const days = since === until ? since : `${since} to ${until}`;
  return `${kind.label}, account ${accountId}, ${days}`;
}
