import { AdlakeError } from '../errors.ts';

/** What platforms that give access tokens for an hour want to know of a client (OAuth 2). */
export interface ClientConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Where access tokens are got. */
  readonly tokenUrl: string;
}

/** Settings of the Google Ads source. */
export interface GoogleConfig extends ClientConfig {
  readonly developerToken: string;
  /** Ids of digits, without dashes. */
  readonly accountIds: readonly string[];
  /** The manager account that the user has access through; null when there is none. */
  readonly loginCustomerId: string | null;
  /** For example `v26`. */
  readonly apiVersion: string;
  /** Without a trailing slash, as all of these. */
  readonly apiBaseUrl: string;
}

/** Settings of the TikTok Ads source. */
export interface TiktokConfig {
  readonly accessToken: string;
  readonly accountIds: readonly string[];
  readonly apiBaseUrl: string;
}

/** Settings of the Amazon Ads source. */
export interface AmazonConfig extends ClientConfig {
  /** Profile ids. */
  readonly accountIds: readonly string[];
  readonly region: string;
  readonly apiBaseUrl: string;
}

/** What the settings say of a platform: nothing, too little, or all that is needed. */
export type SourceChoice<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] }
  | { readonly kind: 'ready'; readonly config: T };

/** The platforms beside Meta. */
export interface SourceConfigs {
  readonly google: SourceChoice<GoogleConfig>;
  readonly tiktok: SourceChoice<TiktokConfig>;
  readonly amazon: SourceChoice<AmazonConfig>;
  /** How many past days each run asks for again. */
  readonly lookbackDays: number;
  /** How many past days the first run asks for, where the platform keeps as many. */
  readonly firstPullDays: number;
}

type Values = Readonly<Record<string, unknown>>;

/** What checked settings say of the platforms beside Meta. One is asked when its accounts are named. */
export function sourceConfigs(values: Values): SourceConfigs {
  return {
    google: choiceOf(values, GOOGLE_NEEDS, googleOf),
    tiktok: choiceOf(values, TIKTOK_NEEDS, tiktokOf),
    amazon: choiceOf(values, AMAZON_NEEDS, amazonOf),
    lookbackDays: numberOr(values, 'ADLAKE_LOOKBACK_DAYS', LOOKBACK_DAYS),
    firstPullDays: numberOr(values, 'ADLAKE_FIRST_PULL_DAYS', FIRST_PULL_DAYS),
  };
}

/**
 * Conversions of Google come up to 30 days after the click by default (Google Ads, conversion windows);
 * TikTok and Amazon stop at 28 and 14 days.
 */
const LOOKBACK_DAYS = 30;
const FIRST_PULL_DAYS = 365;

/** The settings of a platform that is ready; null when it is not asked for. Throws `CONFIG_INVALID`. */
export function readyOr<T>(choice: SourceChoice<T>, label: string): T | null {
  if (choice.kind === 'none') return null;
  if (choice.kind === 'ready') return choice.config;
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `Accounts of ${label} are set, but not ${choice.missing.join(', ')}.`,
    remedy: `Set ${choice.missing.join(' and ')}, or remove the accounts of ${label} to go on without them.`,
  });
}

/** True when the settings name accounts of any platform beside Meta, complete or not. */
export function isAnySourceSet({ google, tiktok, amazon }: SourceConfigs): boolean {
  return [google, tiktok, amazon].some(({ kind }) => kind !== 'none');
}

/** The accounts come first: they say that the platform is wanted. */
const GOOGLE_NEEDS = [
  'GOOGLE_ADS_CUSTOMER_ID',
  'GOOGLE_ADS_DEVELOPER_TOKEN',
  'GOOGLE_ADS_CLIENT_ID',
  'GOOGLE_ADS_CLIENT_SECRET',
  'GOOGLE_ADS_REFRESH_TOKEN',
] as const;
const TIKTOK_NEEDS = ['TIKTOK_ADVERTISER_ID', 'TIKTOK_ACCESS_TOKEN'] as const;
const AMAZON_NEEDS = [
  'AMAZON_ADS_PROFILE_ID',
  'AMAZON_ADS_CLIENT_ID',
  'AMAZON_ADS_CLIENT_SECRET',
  'AMAZON_ADS_REFRESH_TOKEN',
] as const;

function choiceOf<T>(
  values: Values,
  needs: readonly string[],
  make: (values: Values) => T,
): SourceChoice<T> {
  const [accounts = ''] = needs;
  if (values[accounts] === undefined) return { kind: 'none' };
  const missing = needs.filter((name) => values[name] === undefined);
  return missing.length > 0
    ? { kind: 'incomplete', missing }
    : { kind: 'ready', config: make(values) };
}

function googleOf(values: Values): GoogleConfig {
  return {
    ...clientOf(values, 'GOOGLE_ADS', 'https://oauth2.googleapis.com/token'),
    developerToken: textOf(values, 'GOOGLE_ADS_DEVELOPER_TOKEN'),
    accountIds: listOf(values, 'GOOGLE_ADS_CUSTOMER_ID'),
    loginCustomerId: textOf(values, 'GOOGLE_ADS_LOGIN_CUSTOMER_ID') || null,
    apiVersion: textOf(values, 'GOOGLE_ADS_API_VERSION', 'v26'),
    apiBaseUrl: urlOf(values, 'GOOGLE_ADS_API_BASE_URL', 'https://googleads.googleapis.com'),
  };
}

function tiktokOf(values: Values): TiktokConfig {
  return {
    accessToken: textOf(values, 'TIKTOK_ACCESS_TOKEN'),
    accountIds: listOf(values, 'TIKTOK_ADVERTISER_ID'),
    apiBaseUrl: urlOf(values, 'TIKTOK_API_BASE_URL', 'https://business-api.tiktok.com'),
  };
}

/** Where each region's API and its tokens are (Amazon Ads, API endpoints and authorization). */
const AMAZON_REGIONS: Readonly<Record<string, readonly [api: string, token: string]>> = {
  NA: ['https://advertising-api.amazon.com', 'https://api.amazon.com/auth/o2/token'],
  EU: ['https://advertising-api-eu.amazon.com', 'https://api.amazon.co.uk/auth/o2/token'],
  FE: ['https://advertising-api-fe.amazon.com', 'https://api.amazon.co.jp/auth/o2/token'],
};

function amazonOf(values: Values): AmazonConfig {
  const region = textOf(values, 'AMAZON_ADS_REGION', 'NA');
  const [api, token] = AMAZON_REGIONS[region] ?? ['', ''];
  return {
    region,
    ...clientOf(values, 'AMAZON_ADS', token),
    accountIds: listOf(values, 'AMAZON_ADS_PROFILE_ID'),
    apiBaseUrl: urlOf(values, 'AMAZON_ADS_API_BASE_URL', api),
  };
}

function clientOf(values: Values, prefix: string, tokenUrl: string): ClientConfig {
  return {
    clientId: textOf(values, `${prefix}_CLIENT_ID`),
    clientSecret: textOf(values, `${prefix}_CLIENT_SECRET`),
    refreshToken: textOf(values, `${prefix}_REFRESH_TOKEN`),
    tokenUrl: urlOf(values, `${prefix}_TOKEN_URL`, tokenUrl),
  };
}

function textOf(values: Values, name: string, fallback = ''): string {
  const value = values[name];
  return typeof value === 'string' ? value : fallback;
}

function urlOf(values: Values, name: string, fallback: string): string {
  return textOf(values, name, fallback).replace(/\/+$/, '');
}

function listOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function numberOr(values: Values, name: string, fallback: number): number {
  const value = values[name];
  return typeof value === 'number' ? value : fallback;
}
