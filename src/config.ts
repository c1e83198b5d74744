import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CHECKOUT } from './checkout.ts';
import { contractAt } from './contract.ts';
import { AdlakeError } from './errors.ts';
import { readIfThere } from './file.ts';
import { didYouMean } from './nearest.ts';
import { type SourceConfigs, sourceConfigs } from './pull/source-config.ts';

/** Settings of the Meta source. Each comes from the environment variable named in `.env.example`. */
export interface MetaConfig {
  /** Null when the settings have none: then one kept in the cache counts, else `run` uses the sandbox. */
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
  /**
   * Age in days up to which ads, ad sets and breakdowns are asked for daily; then once a week, where
   * they are many.
   */
  readonly detailDays: number;
  /** Null: 450 for real accounts, 90 for the sandbox. */
  readonly firstPullDays: number | null;
  readonly chunkDays: number;
  /** Expected rows from which insights are asked for as a report instead of page by page. */
  readonly reportRows: number;
  /** Datasets to pull, as written: names, or changes with + and -; null: the usual ones. */
  readonly datasets: readonly string[] | null;
}

/** A server for mails, and who gets them from whom. */
export interface MailConfig {
  /** `smtp://` or `smtps://`, with user and password in it where the server wants them. A secret. */
  readonly serverUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** Where alerts are sent, beside the summary of a run. */
export interface AlertConfig {
  /** Addresses of webhooks are secrets: who knows one can post there. */
  readonly webhookUrl: string | null;
  readonly slackUrl: string | null;
  readonly mail: MailConfig | null;
  /** What is less bad than this is not sent. */
  readonly leastSeverity: 'info' | 'warning' | 'critical';
}

/** All settings, validated by `schemas/config.schema.json`. */
export interface Config {
  readonly meta: MetaConfig;
  /** The platforms beside Meta. */
  readonly sources: SourceConfigs;
  /** The lake's home. */
  readonly projectRoot: string;
  /** Share of records that may be quarantined before a run ends with exit code 65. */
  readonly maxQuarantineShare: number;
  /** Checks of quality that hold a table back when they fail: files of `src/sql/checks`. */
  readonly blockingChecks: readonly string[];
  /** What is done when answers change their shape, as written: a policy, or dataset=policy. */
  readonly drift: readonly string[];
  /** Where the reference rates of the European Central Bank are, without trailing slash. */
  readonly fxBaseUrl: string;
  /** What the kept access token is encrypted with; null: none can be kept. */
  readonly secret: string | null;
  readonly alerts: AlertConfig;
}

/** Where the value of a setting came from. */
export type Origin = 'option' | 'environment' | '.env' | 'default';

/** The settings, and where each came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** By name, in the order of `schemas/config.schema.json`. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Every value that is never shown, to be taken out of what is written. */
  readonly secrets: readonly string[];
}

/** Names and values as the operating system gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where settings are looked for. */
export interface ConfigSources {
  /** The process environment when absent. */
  readonly env?: Environment;
  /** The folder whose `.env` counts; the current one when absent. */
  readonly cwd?: string;
  /** The lake's home when it was given as an option. */
  readonly lake?: string;
}

/**
 * Reads and checks all settings: an option wins over the environment, the environment over `.env`,
 * `.env` over the defaults; an empty value counts as none. Throws `CONFIG_UNKNOWN_NAME` for a name
 * beginning with META_ or ADLAKE_ (in `.env` also those of other platforms) that is none, and `CONFIG_INVALID` for a value that is not allowed.
 * No error shows the value of a secret.
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const env = sources.env ?? process.env;
  const cwd = sources.cwd ?? process.cwd();
  const file = readDotenv(cwd);
  refuseUnknownNames(file, { where: '.env', ours: /^(META|ADLAKE|GOOGLE_ADS|TIKTOK|AMAZON_ADS)_/ });
  refuseUnknownNames(env, { where: 'the environment', ours: /^(META|ADLAKE)_/ });
  const found = NAMES.map((name) => findSetting(name, env, file));
  const values = Object.fromEntries(
    found.flatMap(({ name, text }) => (text === null ? [] : [[name, parsed(name, text)]])),
  );
  checkValues(values, found);
  const lake = sources.lake === undefined ? null : resolve(cwd, sources.lake);
  const origins = Object.fromEntries(found.map(({ name, origin }) => [name, origin]));
  return {
    config: configOf(values, { cwd, lake }),
    secrets: found.flatMap(({ name, text }) => (SECRETS.has(name) && text !== null ? [text] : [])),
    origins: lake === null ? origins : { ...origins, PROJECT_ROOT: 'option' },
  };
}

/** True when `NO_COLOR` is set to anything, or the terminal says that it understands nothing. */
export function isColorRefused(env: Environment = process.env): boolean {
  return (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
}

/** Names whose values are never shown. */
export const SECRETS: ReadonlySet<string> = new Set([
  'META_ACCESS_TOKEN',
  'META_APP_SECRET',
  'ADLAKE_SECRET',
  'ADLAKE_ALERT_WEBHOOK_URL',
  'ADLAKE_ALERT_SLACK_URL',
  'ADLAKE_SMTP_URL',
  'GOOGLE_ADS_DEVELOPER_TOKEN',
  'GOOGLE_ADS_CLIENT_SECRET',
  'GOOGLE_ADS_REFRESH_TOKEN',
  'TIKTOK_ACCESS_TOKEN',
  'AMAZON_ADS_CLIENT_SECRET',
  'AMAZON_ADS_REFRESH_TOKEN',
]);

const SCHEMA = 'config.schema.json';
const NAMES = contractAt(SCHEMA).columns;

interface FoundSetting {
  readonly name: string;
  readonly text: string | null;
  readonly origin: Origin;
}

function readDotenv(cwd: string): Environment {
  const text = readIfThere(join(cwd, '.env'))?.toString('utf8');
  return text === undefined ? {} : (parseEnv(text.replace(/^\uFEFF/, '')) as Environment);
}

/** In the environment, names of other platforms may belong to other programs. */
function refuseUnknownNames(
  env: Environment,
  { where, ours }: { readonly where: string; readonly ours: RegExp },
): void {
  const unknown = Object.keys(env).find((name) => ours.test(name) && !NAMES.includes(name));
  if (unknown === undefined) return;
  throw new AdlakeError({
    code: 'CONFIG_UNKNOWN_NAME',
    message: `${unknown}, found in ${where}, is no setting of adlake.${didYouMean(unknown, NAMES)}`,
    remedy: 'Correct or remove the name. `.env.example` lists every setting.',
  });
}

function findSetting(name: string, env: Environment, file: Environment): FoundSetting {
  const [given, origin] =
    env[name] === undefined ? [file[name], '.env' as const] : [env[name], 'environment' as const];
  const text = given?.trim() ?? '';
  return text === '' ? { name, text: null, origin: 'default' } : { name, text, origin };
}

/** The value as its schema wants it; text that cannot be read stays text, and the schema refuses it. */
function parsed(name: string, text: string): unknown {
  if (name === 'META_AD_ACCOUNT_ID') return accountIds(text);
  if (OTHER_ACCOUNTS.has(name)) return [...new Set(listed(text.replaceAll('-', '')))];
  if (name === 'GOOGLE_ADS_LOGIN_CUSTOMER_ID') return text.replaceAll('-', '');
  if (name === 'AMAZON_ADS_REGION') return text.toUpperCase();
  if (LISTS.has(name)) return listed(text);
  if (name === 'META_ENABLE_ACTIVITY_FILTERING') return BOOLEANS.get(text.toLowerCase()) ?? text;
  if (NUMBERS.has(name) && /^\d+(\.\d+)?$|^\.\d+$/.test(text)) return Number(text);
  return text;
}

/** Accounts of the other platforms; Google shows its ids with dashes. */
const OTHER_ACCOUNTS: ReadonlySet<string> = new Set([
  'GOOGLE_ADS_CUSTOMER_ID',
  'TIKTOK_ADVERTISER_ID',
  'AMAZON_ADS_PROFILE_ID',
]);

const LISTS: ReadonlySet<string> = new Set([
  'ADLAKE_ALERT_EMAIL_TO',
  'META_DATASETS',
  'ADLAKE_BLOCKING_CHECKS',
  'ADLAKE_DRIFT',
]);

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

const NUMBERS: ReadonlySet<string> = new Set([
  'META_RATE_LIMIT_BUFFER',
  'META_RETRY_ATTEMPTS',
  'META_REQUEST_TIMEOUT',
  'META_INACTIVE_THRESHOLD_DAYS',
  'META_ACTIVITY_CACHE_TTL_HOURS',
  'META_LOOKBACK_DAYS',
  'META_DETAIL_DAYS',
  'META_FIRST_PULL_DAYS',
  'META_CHUNK_DAYS',
  'META_REPORT_ROWS',
  'ADLAKE_MAX_QUARANTINE_SHARE',
  'ADLAKE_LOOKBACK_DAYS',
  'ADLAKE_FIRST_PULL_DAYS',
]);

function accountIds(text: string): readonly string[] {
  return [...new Set(listed(text).map((id) => id.replace(/^act_/, '')))];
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function checkValues(values: Values, found: readonly FoundSetting[]): void {
  // To compile the contract for nothing would delay every start.
  if (Object.keys(values).length === 0) return;
  const contract = contractAt(SCHEMA);
  const name = contract.check(values)[0]?.pointer.split('/')[1];
  if (name === undefined) return;
  const { text, origin } = found.find((setting) => setting.name === name) ?? {};
  const shown = SECRETS.has(name)
    ? `a value of ${text?.length ?? 0} characters`
    : JSON.stringify(text);
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `${name} must be ${contract.properties[name]?.description}. Found ${shown} in ${origin === '.env' ? '.env' : 'the environment'}.`,
    remedy: `Correct ${name}, or remove it to use its default. \`.env.example\` explains every setting.`,
  });
}

type Values = Readonly<Record<string, unknown>>;

function configOf(
  values: Values,
  home: { readonly cwd: string; readonly lake: string | null },
): Config {
  const root = textOr(values, 'PROJECT_ROOT', CHECKOUT);
  return {
    meta: metaConfigOf(values),
    sources: sourceConfigs(values),
    projectRoot: home.lake ?? resolve(home.cwd, root),
    maxQuarantineShare: numberOr(values, 'ADLAKE_MAX_QUARANTINE_SHARE', 0.01),
    blockingChecks: blockingChecks(values),
    drift: (values.ADLAKE_DRIFT ?? []) as readonly string[],
    fxBaseUrl: textOr(
      values,
      'ADLAKE_FX_BASE_URL',
      'https://www.ecb.europa.eu/stats/eurofxref',
    ).replace(/\/+$/, ''),
    secret: textOr(values, 'ADLAKE_SECRET', null),
    alerts: alertConfigOf(values),
  };
}

function alertConfigOf(values: Values): AlertConfig {
  return {
    webhookUrl: textOr(values, 'ADLAKE_ALERT_WEBHOOK_URL', null),
    slackUrl: textOr(values, 'ADLAKE_ALERT_SLACK_URL', null),
    mail: mailConfigOf(values),
    leastSeverity: textOr(
      values,
      'ADLAKE_ALERT_SEVERITY',
      'warning',
    ) as AlertConfig['leastSeverity'],
  };
}

function mailConfigOf(values: Values): MailConfig | null {
  const missing = MAIL_SETTINGS.filter((name) => values[name] === undefined);
  if (missing.length === MAIL_SETTINGS.length) return null;
  const [first] = missing;
  if (first !== undefined) {
    throw new AdlakeError({
      code: 'CONFIG_INVALID',
      message: `Mails need ${MAIL_SETTINGS.join(', ')} together; ${missing.join(' and ')} is not set.`,
      remedy: `Set ${first}, or take the others away. \`.env.example\` explains every setting.`,
    });
  }
  return {
    serverUrl: String(values.ADLAKE_SMTP_URL),
    from: String(values.ADLAKE_ALERT_EMAIL_FROM),
    to: values.ADLAKE_ALERT_EMAIL_TO as readonly string[],
  };
}

const MAIL_SETTINGS = ['ADLAKE_SMTP_URL', 'ADLAKE_ALERT_EMAIL_FROM', 'ADLAKE_ALERT_EMAIL_TO'];

const BLOCKING_CHECKS = ['no_future_day', 'ids_intact'];

function blockingChecks(values: Values): readonly string[] {
  const named = (values.ADLAKE_BLOCKING_CHECKS ?? BLOCKING_CHECKS) as readonly string[];
  return named.filter((name) => name !== 'none');
}

function metaConfigOf(values: Values): MetaConfig {
  const filtering = values.META_ENABLE_ACTIVITY_FILTERING;
  return {
    accessToken: textOr(values, 'META_ACCESS_TOKEN', null),
    accountIds: (values.META_AD_ACCOUNT_ID ?? []) as readonly string[],
    appId: textOr(values, 'META_APP_ID', null),
    appSecret: textOr(values, 'META_APP_SECRET', null),
    apiVersion: textOr(values, 'META_API_VERSION', 'v26.0'),
    apiBaseUrl: textOr(values, 'META_API_BASE_URL', 'https://graph.facebook.com').replace(
      /\/+$/,
      '',
    ),
    rateLimitBuffer: numberOr(values, 'META_RATE_LIMIT_BUFFER', 0.8),
    retryAttempts: numberOr(values, 'META_RETRY_ATTEMPTS', 3),
    requestTimeoutSeconds: numberOr(values, 'META_REQUEST_TIMEOUT', 30),
    inactiveThresholdDays: numberOr(values, 'META_INACTIVE_THRESHOLD_DAYS', 7),
    activityCacheTtlHours: numberOr(values, 'META_ACTIVITY_CACHE_TTL_HOURS', 24),
    enableActivityFiltering: filtering !== false,
    lookbackDays: numberOr(values, 'META_LOOKBACK_DAYS', 28),
    detailDays: numberOr(values, 'META_DETAIL_DAYS', 7),
    firstPullDays: numberOr(values, 'META_FIRST_PULL_DAYS', null),
    chunkDays: numberOr(values, 'META_CHUNK_DAYS', 7),
    reportRows: numberOr(values, 'META_REPORT_ROWS', 5000),
    datasets: (values.META_DATASETS ?? null) as readonly string[] | null,
  };
}

function textOr<T extends string | null>(values: Values, name: string, fallback: T): string | T {
  const value = values[name];
  return typeof value === 'string' ? value : fallback;
}

function numberOr<T extends number | null>(values: Values, name: string, fallback: T): number | T {
  const value = values[name];
  return typeof value === 'number' ? value : fallback;
}
