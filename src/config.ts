/** Settings of the Meta source. Each comes from the environment variable named in `.env.example`. */
export interface MetaConfig {
  /** Null when there is no token: then `run` uses the sandbox. */
  readonly accessToken: string | null;
  /** Account ids as digits, without `act_`. */
  readonly accountIds: readonly string[];
  readonly appId: string | null;
  readonly appSecret: string | null;
  /** For example `v26.0`. */
  readonly apiVersion: string;
  /** Base URL without version and without trailing slash. */
  readonly apiBaseUrl: string;
  /** Share of a rate limit that may be used, 0 to 1. */
  readonly rateLimitBuffer: number;
  readonly retryAttempts: number;
  readonly requestTimeoutSeconds: number;
  readonly inactiveThresholdDays: number;
  readonly activityCacheTtlHours: number;
  readonly enableActivityFiltering: boolean;
  readonly lookbackDays: number;
  /** Null: 450 for real accounts, 90 for the sandbox. */
  readonly firstPullDays: number | null;
  readonly chunkDays: number;
}

/** All settings, validated by `schemas/config.schema.json`. */
export interface Config {
  readonly meta: MetaConfig;
  /** The lake's home. */
  readonly projectRoot: string;
  /** Share of records that may be quarantined before a run ends with exit code 65. */
  readonly maxQuarantineShare: number;
}
