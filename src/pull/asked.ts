import type { Batch, CampaignScope, Scope } from '../landing/batch.ts';
import { daysOf } from '../window.ts';

/** What the answers in landing have covered of one dataset and account. */
export interface Asked {
  /** Days on which something was asked, oldest and newest (account days); null when nothing was. */
  readonly firstToday: string | null;
  readonly lastToday: string | null;
  /** Campaigns that some answer named, to ask for them alone or to leave them out. */
  readonly named: ReadonlySet<string>;
  /**
   * The newest account day on which a whole answer spoke of `day` and this campaign; null when none
   * did. `campaignId` null stands for every campaign that was never named.
   */
  readonly lastAsked: (day: string, campaignId: string | null) => string | null;
}

interface Entry {
  readonly today: string;
  readonly speaksOf: (campaignId: string | null) => boolean;
}

/**
 * Reads the scopes of batches. Only whole answers of the API count: pages that somebody saved add
 * rows, but nobody knows what they leave out.
 */
export function askedOf(batches: readonly Batch[]): Asked {
  const whole = batches.filter((batch) => batch.source === 'api' && batch.scope.complete);
  const byDay = new Map<string, Entry[]>();
  const named = new Set<string>();
  const todays = whole.map((batch) => batch.today).sort();
  for (const { scope, today } of whole) {
    const entry = { today, speaksOf: speakerOf(scope) };
    for (const id of idsNamed(scope)) named.add(id);
    if (scope.since === null || scope.until === null) continue;
    for (const day of daysOf({ since: scope.since, until: scope.until })) {
      const entries = byDay.get(day);
      if (entries === undefined) byDay.set(day, [entry]);
      else entries.push(entry);
    }
  }
  return {
    firstToday: todays[0] ?? null,
    lastToday: todays.at(-1) ?? null,
    named,
    lastAsked: (day, campaignId) => newest(byDay.get(day) ?? [], campaignId),
  };
}

/** True when an answer of the account's day `today` is there, whole and straight from the API. */
export function isAskedToday(batches: readonly Batch[], today: string): boolean {
  return batches.some(
    (batch) => batch.source === 'api' && batch.scope.complete && batch.today === today,
  );
}

function newest(entries: readonly Entry[], campaignId: string | null): string | null {
  let found: string | null = null;
  for (const entry of entries) {
    if ((found === null || entry.today > found) && entry.speaksOf(campaignId)) found = entry.today;
  }
  return found;
}

/** An answer does not speak of what it had to do without: that is asked for again. */
function speakerOf({ campaigns, missing = [] }: Scope): (campaignId: string | null) => boolean {
  const isAsked = memberOf(campaigns);
  const isMissing = missing.map((part) => memberOf(part.campaigns));
  return (id) => isAsked(id) && !isMissing.some((isIn) => isIn(id));
}

function memberOf(scope: CampaignScope): (campaignId: string | null) => boolean {
  if (scope.kind === 'all') return () => true;
  const ids = new Set(scope.ids);
  if (scope.kind === 'in') return (id) => id !== null && ids.has(id);
  return (id) => id === null || !ids.has(id);
}

function idsNamed({ campaigns, missing = [] }: Scope): readonly string[] {
  return [campaigns, ...missing.map((part) => part.campaigns)].flatMap((scope) =>
    scope.kind === 'all' ? [] : scope.ids,
  );
}
