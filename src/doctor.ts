import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { listTemporaries } from './activity/sweep.ts';
import { type Config, type LoadedConfig, type MetaConfig, SECRETS } from './config.ts';
import { DUCKDB_VERSION } from './duckdb/duckdb.ts';
import { toAdlakeError } from './errors.ts';
import type { Finding } from './finding.ts';
import { formatOf, LAKE_FORMAT } from './lake-format.ts';
import { originOf } from './lake-origin.ts';
import { lockFile, lockHolder } from './lock.ts';
import { sourceWarnings } from './platforms/meta/source-warnings.ts';
import { tokenCacheFile } from './platforms/meta/token-cache.ts';
import { sourceText } from './platforms/meta/token-findings.ts';
import { findToken } from './platforms/meta/token-source.ts';
import { MOST_DAILY_PAGES } from './platforms/meta/weekly.ts';
import { isAnySourceSet } from './pull/source-config.ts';
import { otherSources, sourceValues } from './pull/source-findings.ts';
import { clockFinding } from './verify/clock.ts';
import { growthFinding } from './verify/growth.ts';
import { linksIn } from './verify/links.ts';
import { machineFindings } from './verify/machine.ts';
import { orphanFinding } from './verify/orphans.ts';
import { openFiles } from './verify/permissions.ts';
import type { Lake } from './zone.ts';

/** What is looked at. */
export interface DoctorInput {
  readonly lake: Lake;
  readonly config: Config;
  readonly origins: LoadedConfig['origins'];
  /** The folder whose `.env` counts. */
  readonly cwd: string;
  /** An instant in UTC. */
  readonly now: string;
  /** Gives the current instant, for what takes a while. */
  readonly clock: () => string;
  /** True when what can be mended safely is to be mended. */
  readonly mends: boolean;
}

/**
 * Looks at everything that a run needs: Node, the native modules, the clock, the lake's folder and disk,
 * the settings and their files, the lock, files that nobody wrote. Asks the API for the time alone, without a
 * token; shows no secret, and changes nothing but, with `mends`, who may read files with secrets.
 */
export async function diagnose(input: DoctorInput): Promise<readonly Finding[]> {
  return [
    ...(await machineFindings()),
    ...(await clock(input)),
    writable(input.lake),
    ...links(input.lake),
    freeDisk(input.lake),
    ...growthFinding(input.lake, input.now),
    format(input.lake),
    ...openFiles(input.lake, { cwd: input.cwd, mends: input.mends }),
    ...settings(input),
    ...token(input),
    ...otherSources(input.config.sources),
    ...source(input),
    lock(input.lake),
    temporaries(input.lake),
    await orphanFinding(input.lake),
  ];
}

/** Asked only where a run would ask: there are a token and an account. */
async function clock({ config, lake, clock: now }: DoctorInput): Promise<readonly Finding[]> {
  const hasToken = config.meta.accessToken !== null || existsSync(tokenCacheFile(lake));
  if (!hasToken || config.meta.accountIds.length === 0) return [];
  return [await clockFinding(`${config.meta.apiBaseUrl}/${config.meta.apiVersion}/`, now)];
}

function links(lake: Lake): readonly Finding[] {
  return linksIn(lake).map((path) => ({
    level: 'fail',
    what: `${path} is a link`,
    why: 'A run refuses it: what it writes and removes would be outside of the lake.',
    remedy: 'Put the folder itself in its place, or give all of the lake another home with --lake.',
  }));
}

function writable(lake: Lake): Finding {
  const folder = nearestFolder(lake.home);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { level: 'ok', what: `the lake ${lake.home} can be written to` };
  } catch {
    return {
      level: 'fail',
      what: `the lake ${lake.home} cannot be written to`,
      why: 'A run writes zones and cache there.',
      remedy: `Change the permissions of ${folder}, or choose another folder with --lake or PROJECT_ROOT.`,
    };
  }
}

/** The folder itself, or the one it would be made in. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

const GIGABYTE = 1e9;
/** Below these a large first pull may not fit: a year of a busy account takes about a gigabyte. */
const LOW_GIGABYTES = 2;
const FULL_GIGABYTES = 0.1;

function freeDisk(lake: Lake): Finding {
  const { bavail, bsize } = statfsSync(nearestFolder(lake.home));
  const free = (bavail * bsize) / GIGABYTE;
  const what = `${free.toFixed(1)} GB are free on the lake's disk`;
  if (free >= LOW_GIGABYTES) return { level: 'ok', what };
  return {
    level: free < FULL_GIGABYTES ? 'fail' : 'warn',
    what,
    why: 'A run that meets a full disk stops; nothing is lost, but nothing goes on.',
    remedy: 'Make room, or choose a lake on another disk with --lake.',
  };
}

function format(lake: Lake): Finding {
  const found = formatOf(lake);
  const what =
    found === null ? 'no format is written in the lake yet' : `the lake has format ${found}`;
  return {
    level: 'ok',
    what: `${what}; this adlake writes ${LAKE_FORMAT} with DuckDB ${DUCKDB_VERSION}`,
  };
}

function settings({ config, origins, lake }: DoctorInput): readonly Finding[] {
  const values: Readonly<Record<string, unknown>> = {
    META_ACCESS_TOKEN: config.meta.accessToken,
    META_AD_ACCOUNT_ID: config.meta.accountIds.join(','),
    META_APP_ID: config.meta.appId,
    META_APP_SECRET: config.meta.appSecret,
    ADLAKE_SECRET: config.secret,
    PROJECT_ROOT: lake.home,
    META_API_VERSION: config.meta.apiVersion,
    META_API_BASE_URL: config.meta.apiBaseUrl,
    META_RATE_LIMIT_BUFFER: config.meta.rateLimitBuffer,
    META_RETRY_ATTEMPTS: config.meta.retryAttempts,
    META_REQUEST_TIMEOUT: config.meta.requestTimeoutSeconds,
    META_INACTIVE_THRESHOLD_DAYS: config.meta.inactiveThresholdDays,
    META_ACTIVITY_CACHE_TTL_HOURS: config.meta.activityCacheTtlHours,
    META_ENABLE_ACTIVITY_FILTERING: config.meta.enableActivityFiltering,
    META_LOOKBACK_DAYS: config.meta.lookbackDays,
    META_DETAIL_DAYS: detailText(config.meta),
    META_FIRST_PULL_DAYS: config.meta.firstPullDays ?? '450, or 90 for the sandbox',
    META_CHUNK_DAYS: config.meta.chunkDays,
    META_REPORT_ROWS: config.meta.reportRows,
    META_DATASETS: config.meta.datasets?.join(',') ?? 'the usual ones',
    ADLAKE_MAX_QUARANTINE_SHARE: config.maxQuarantineShare,
    ADLAKE_BLOCKING_CHECKS: config.blockingChecks.join(',') || 'none',
    ADLAKE_DRIFT: config.drift.join(',') || 'warn',
    ADLAKE_FX_BASE_URL: config.fxBaseUrl,
    ...sourceValues(config.sources),
  };
  return Object.entries(origins).map(([name, origin]) => ({
    level: 'ok',
    what: `${name}: ${shown(name, values[name])} (${origin})`,
  }));
}

/** What the age means, since it says that some days are not asked for daily. */
function detailText({ detailDays, lookbackDays, enableActivityFiltering }: MetaConfig): string {
  if (!enableActivityFiltering || detailDays >= lookbackDays) {
    return `${detailDays}, so details of all days are asked for daily`;
  }
  return `${detailDays}, older days of details that fill more than ${MOST_DAILY_PAGES} pages are asked for once a week`;
}

function shown(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not set';
  return SECRETS.has(name) ? `set, ${String(value).length} characters` : String(value);
}

function token(input: DoctorInput): readonly Finding[] {
  const { lake, config } = input;
  return tokenFound(lake, config);
}

function tokenFound(lake: Lake, config: Config): readonly Finding[] {
  try {
    const source = findToken(config, lake);
    const isAlone = !isAnySourceSet(config.sources);
    if (source.kind === 'none') return isAlone ? [WITHOUT_TOKEN] : [WITHOUT_META];
    return [{ level: 'ok', what: sourceText(source) }, accounts(config)];
  } catch (error) {
    const { message, remedy } = toAdlakeError(error);
    return [{ level: 'fail', what: message, why: 'Nothing can be pulled.', remedy }];
  }
}

const WITHOUT_TOKEN: Finding = {
  level: 'warn',
  what: 'there is no access token',
  why: 'Without one a run uses the sandbox, whose data is synthetic.',
  remedy:
    'Set META_ACCESS_TOKEN, or keep one with `adlake auth login`; and set META_AD_ACCOUNT_ID.',
};

const WITHOUT_META: Finding = {
  level: 'ok',
  what: 'there is no access token of Meta: only the other platforms are pulled',
};

function accounts({ meta }: Config): Finding {
  if (meta.accountIds.length > 0) {
    return { level: 'ok', what: `a token and ${meta.accountIds.length} accounts are set` };
  }
  return {
    level: 'fail',
    what: 'there is a token, but no account',
    why: 'A run does not know which accounts to pull.',
    remedy: 'Set META_AD_ACCOUNT_ID to one or several account ids, separated by commas.',
  };
}

function source({ lake, config, now }: DoctorInput): readonly Finding[] {
  const warnings = sourceWarnings(lake, { config, now });
  if (warnings.length === 0) {
    const what = `nothing is known against version ${config.meta.apiVersion} of the API`;
    return [{ level: 'ok', what }];
  }
  return warnings.map(({ what, remedy }) => ({
    level: 'warn',
    what,
    why: 'A pull may bring other figures than before, or none.',
    remedy,
  }));
}

function lock(lake: Lake): Finding {
  const held = lockHolder(lake);
  if (held === null) {
    const origin = originOf(lake);
    const holds = { real: 'real data', sandbox: 'synthetic data', none: 'nothing yet' };
    return {
      level: 'ok',
      what: `nobody is writing to the lake; it holds ${holds[origin ?? 'none']}`,
    };
  }
  const who = `process ${held.holder?.pid ?? 'unknown'} on ${held.holder?.host ?? 'an unknown machine'}`;
  if (held.isAlive) {
    return {
      level: 'warn',
      what: `the lake is held by ${who}`,
      why: 'Only one command at a time may write to it.',
      remedy: `Wait until it has ended. If it is not running, remove ${lockFile(lake)}.`,
    };
  }
  return {
    level: 'warn',
    what: `the lake was left locked by ${who}, which is gone`,
    why: 'That run was killed; nothing is lost.',
    remedy: 'Run any command that writes, for example `adlake run`: it takes the lock over.',
  };
}

function temporaries(lake: Lake): Finding {
  const found = listTemporaries(lake);
  if (found.length === 0) return { level: 'ok', what: 'no unfinished files lie around' };
  return {
    level: 'warn',
    what: `${found.length} unfinished files lie around, the first is ${found[0]}`,
    why: 'A run that was killed left them, or one is writing now. They take space and do no harm.',
    remedy: 'When no run is going on, remove them.',
  };
}
