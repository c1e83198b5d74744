import { join } from 'node:path';
import type { MetaConfig } from '../config.ts';
import { AdlakeError } from '../errors.ts';
import { readIfThere, writeIfChanged } from '../file.ts';
import { checkOrigin, type LakeOrigin, markSandbox } from '../lake-origin.ts';
import { findToken } from '../platforms/meta/token-source.ts';
import { addDays, dayAt } from '../window.ts';
import { dropDir, type Lake } from '../zone.ts';
import type { CommandContext } from './context.ts';

/** Where answers come from: what an extract needs to ask. */
export interface SourceSettings {
  readonly origin: LakeOrigin;
  readonly config: MetaConfig;
  readonly firstPullDays: number;
}

/** A source that is open: it can be asked until it is closed. */
export interface OpenSource extends SourceSettings {
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** How far back the first pull goes when META_FIRST_PULL_DAYS does not say. */
const FIRST_PULL_DAYS = { real: 450, sandbox: 90 } as const;

/**
 * The source as the settings choose it: Meta (or what META_API_BASE_URL names) when there is a token,
 * else the sandbox. Asks nobody and starts nothing. Throws `CONFIG_INVALID` when there is a token but
 * no account, and when synthetic and real data would get into one lake; and what `findToken` throws.
 */
export async function sourceSettings(context: CommandContext): Promise<SourceSettings> {
  const found = findToken(context.config, context.lake);
  const meta = { ...context.config.meta, accessToken: found.kind === 'none' ? null : found.token };
  if (found.kind === 'none') {
    checkOrigin(context.lake, 'sandbox');
    const { ACCOUNTS } = await import('../sandbox/account.ts');
    return settingsOf('sandbox', { ...meta, accountIds: ACCOUNTS.map(({ id }) => id) });
  }
  const accountIds =
    meta.accountIds.length > 0 ? meta.accountIds : (context.selection.accounts ?? []);
  if (accountIds.length === 0) throw withoutAccounts();
  const origin = (await isSandbox(meta.apiBaseUrl)) ? 'sandbox' : 'real';
  checkOrigin(context.lake, origin);
  return settingsOf(origin, { ...meta, accountIds });
}

/**
 * Opens the source: with a token Meta, else a sandbox on a free port of this machine, which is told
 * to the person. A sandbox marks the lake as synthetic and drops its exchange rates into landing.
 */
export async function openSource(context: CommandContext): Promise<OpenSource> {
  const settings = await sourceSettings(context);
  const token = settings.config.accessToken;
  if (token !== null) {
    if (settings.origin === 'sandbox') await takeInSandbox(context, settings);
    return { ...settings, token, close: async () => {} };
  }
  const { startSandbox } = await import('../sandbox/index.ts');
  const today = context.today === null ? {} : { today: context.today };
  const sandbox = await startSandbox(today);
  context.tell(
    `There is no access token, so this run uses the sandbox (${sandbox.url}): a local Marketing API. ALL DATA IS SYNTHETIC.`,
  );
  const config = { ...settings.config, accessToken: sandbox.token, apiBaseUrl: sandbox.url };
  await takeInSandbox(context, { ...settings, config });
  return { ...settings, config, token: sandbox.token, close: () => sandbox.close() };
}

function settingsOf(origin: LakeOrigin, config: MetaConfig): SourceSettings {
  return { origin, config, firstPullDays: config.firstPullDays ?? FIRST_PULL_DAYS[origin] };
}

async function takeInSandbox(context: CommandContext, settings: SourceSettings): Promise<void> {
  markSandbox(context.lake);
  const today = context.today ?? addDays(dayAt(context.now(), 'UTC'), 1);
  const pulledDays = Math.max(settings.firstPullDays, settings.config.lookbackDays);
  await dropRates(context.lake, {
    baseUrl: settings.config.apiBaseUrl,
    since: addDays(today, -(pulledDays + OLDEST_RATE_DAYS)),
    until: today,
  });
}

/** A rate may be this old and still count. */
const OLDEST_RATE_DAYS = 7;

/**
 * Puts the sandbox's exchange rates into landing, as a person would drop them there. One file: what
 * it held stays in it, so that a later day only adds rows.
 */
async function dropRates(
  lake: Lake,
  want: { readonly baseUrl: string; readonly since: string; readonly until: string },
): Promise<void> {
  const path = join(dropDir(lake, 'fx_rates'), 'sandbox.csv');
  const days = daysIn(readIfThere(path)?.toString('utf8') ?? '');
  const since = [want.since, ...days].sort()[0] ?? want.since;
  const until = [want.until, ...days].sort().at(-1) ?? want.until;
  const answer = await ratesOf(want.baseUrl, { since, until });
  if (answer === null) throw noRates(want.baseUrl);
  writeIfChanged(path, Buffer.from(answer));
}

function daysIn(csv: string): readonly string[] {
  return csv.split('\n').flatMap((line) => /^\d{4}-\d{2}-\d{2}/.exec(line)?.[0] ?? []);
}

const RATES_HEADER = 'date,currency,usd_per_unit';
const ASK_MILLISECONDS = 5000;

/** The sandbox's rates, or null when nobody there answers with rates. */
async function ratesOf(
  baseUrl: string,
  window: { readonly since: string; readonly until: string },
): Promise<string | null> {
  try {
    const address = `${baseUrl}/sandbox/fx_rates.csv?since=${window.since}&until=${window.until}`;
    const response = await fetch(address, { signal: AbortSignal.timeout(ASK_MILLISECONDS) });
    const text = await response.text();
    return response.ok && text.startsWith(RATES_HEADER) ? text : null;
  } catch {
    return null;
  }
}

/** Only an address on this machine can be a sandbox, and only a sandbox has exchange rates. */
async function isSandbox(baseUrl: string): Promise<boolean> {
  if (!LOOPBACK.test(baseUrl)) return false;
  return (await ratesOf(baseUrl, { since: '2026-01-01', until: '2026-01-01' })) !== null;
}

/** True for the address of a sandbox of another platform than Meta. */
export async function isReportSandbox(baseUrl: string): Promise<boolean> {
  if (!LOOPBACK.test(baseUrl)) return false;
  try {
    const signal = AbortSignal.timeout(ASK_MILLISECONDS);
    const response = await fetch(`${baseUrl}/sandbox/about`, { signal });
    const said = (await response.json()) as { readonly synthetic?: unknown };
    return said.synthetic === true;
  } catch {
    return false;
  }
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])/;

function withoutAccounts(): AdlakeError {
  return new AdlakeError({
    code: 'CONFIG_INVALID',
    message:
      'There is an access token, but META_AD_ACCOUNT_ID does not say which accounts to pull.',
    remedy:
      'Set META_AD_ACCOUNT_ID to one or several account ids (digits, separated by commas), or give --account ID.',
  });
}

function noRates(baseUrl: string): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_UNAVAILABLE',
    message: `The sandbox at ${baseUrl} did not answer with exchange rates.`,
    remedy: 'Start the sandbox again with `adlake sandbox`, then run the same command.',
  });
}
