import { checkOrigin, type LakeOrigin, markSandbox } from '../lake-origin.ts';
import { findToken } from '../platforms/meta/token-source.ts';
import { openConnectors, sourceAddresses } from '../pull/connectors.ts';
import { extractReports } from '../pull/extract-reports.ts';
import { isAnySourceSet } from '../pull/source-config.ts';
import type { Selection } from '../stage.ts';
import { type ExtractSummary, extract, joinExtracts, totalOf } from '../stages/api-to-landing.ts';
import { type CommandContext, usage } from './context.ts';
import { isReportSandbox, openSource } from './source.ts';

/** What was pulled, and whether it is real. */
export interface PulledSources {
  readonly source: LakeOrigin;
  readonly extract: ExtractSummary;
}

/**
 * Pulls what is due of every platform that is set up into landing: of Meta, unless only others are, and
 * of each of the others. Platforms are pulled at the same time; what fails of one is in its accounts.
 */
export async function pull(context: CommandContext): Promise<PulledSources> {
  const meta = metaSelection(context);
  const origin = await otherOrigin(context);
  if (origin !== null) checkOrigin(context.lake, origin);
  if (origin === 'sandbox') markSandbox(context.lake);
  const [ofMeta, ofOthers] = await both(
    meta === null ? Promise.resolve(null) : pullMeta({ ...context, selection: meta }),
    pullOthers(context),
  );
  const parts = [ofMeta?.extract ?? null, ofOthers].filter((part) => part !== null);
  return { source: ofMeta?.source ?? origin ?? 'real', extract: joinExtracts(parts) };
}

/** Ends when both have ended, also when one of them fails: nothing may go on writing after that. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

/** Opens Meta, pulls what is due into landing, and closes it again. */
export async function pullMeta(context: CommandContext): Promise<PulledSources> {
  const source = await openSource(context);
  try {
    const { lake, progress, now, today, selection } = context;
    const { config, firstPullDays, token } = source;
    const settings = { lake, progress, now, today, selection, config, firstPullDays, token };
    return { source: source.origin, extract: await extract(settings) };
  } finally {
    await source.close();
  }
}

/**
 * What is asked of Meta: null when it has no token and another platform is set up, or when only accounts
 * or datasets of others were chosen. Throws `USAGE` for an account of nobody.
 */
export function metaSelection(context: CommandContext): Selection | null {
  const { config, lake, selection } = context;
  const others = otherAccounts(context);
  const hasOthers = isAnySourceSet(config.sources);
  const hasMeta = !hasOthers || findToken(config, lake).kind !== 'none';
  const isOther = (id: string): boolean =>
    others.includes(id) && !config.meta.accountIds.includes(id);
  const mine = selection.accounts?.filter((id) => !isOther(id));
  if (!hasMeta) {
    const [unknown] = mine ?? [];
    if (unknown === undefined) return null;
    throw usage(
      `Account ${unknown} is not among the accounts that are set: ${others.join(', ')}.`,
      'Give --account one of these, or add the account to the settings of its platform.',
    );
  }
  if (mine !== undefined && mine.length === 0) return null;
  if (hasOthers && selection.datasets?.every((name) => name.endsWith('_insights')) === true) {
    return null;
  }
  return mine === undefined ? selection : { ...selection, accounts: mine };
}

function otherAccounts({ config }: CommandContext): readonly string[] {
  const { google, tiktok, amazon } = config.sources;
  return [google, tiktok, amazon].flatMap((choice) =>
    choice.kind === 'ready' ? choice.config.accountIds : [],
  );
}

/** Whether the other platforms are real; null when there are none. */
async function otherOrigin(context: CommandContext): Promise<LakeOrigin | null> {
  const addresses = sourceAddresses(context.config.sources);
  if (addresses.length === 0) return null;
  const found = await Promise.all(addresses.map(isReportSandbox));
  const [first] = found;
  if (found.every((one) => one === first)) return first === true ? 'sandbox' : 'real';
  throw usage(
    'Some platforms are set to sandboxes and some to the real ones: synthetic and real data would get into one lake.',
    'Set all of them to sandboxes, or none.',
  );
}

async function pullOthers(context: CommandContext): Promise<ExtractSummary> {
  const { lake, progress, now, today, selection, config } = context;
  const { lookbackDays, firstPullDays } = config.sources;
  const connectors = openConnectors(config.sources, { lake, progress, now, sleep: reallySleep });
  try {
    const input = { lake, progress, now, today, selection, lookbackDays, firstPullDays };
    const accounts = await Promise.all(connectors.map((one) => extractReports(one, input)));
    const waits = connectors.reduce((sum, one) => sum + one.waitsSeconds(), 0);
    return totalOf(accounts.flat(), waits);
  } finally {
    await Promise.all(connectors.map((one) => one.close()));
  }
}

const MILLISECONDS_PER_SECOND = 1000;

function reallySleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * MILLISECONDS_PER_SECOND));
}
