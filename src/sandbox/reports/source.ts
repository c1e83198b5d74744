import type { ReportAccount, ReportWorld } from './world.ts';

/** What the doors of a sandbox open with. All synthetic. */
export interface ReportSecrets {
  readonly developerToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly accessToken: string;
}

/** What answers are made of. */
export interface ReportSource {
  readonly world: ReportWorld;
  readonly secrets: ReportSecrets;
  /** The account's own day. */
  readonly todayIn: (account: ReportAccount) => string;
  /** Rows of a page at most. */
  readonly pageRows: number;
  /** How many polls of a report go by until it is complete. */
  readonly reportPolls: number;
}
