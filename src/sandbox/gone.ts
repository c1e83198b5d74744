import { mix, saltOf, uniform } from './random.ts';
import type { Ad } from './tree.ts';

/**
 * The ids of campaigns, ad sets and ads that are in no list any more, and of everything below them.
 * Their insights stay. By id, half of them still answer, as deleted.
 */
export function goneOf(ads: readonly Ad[], share: number): ReadonlySet<string> {
  const gone = new Set<string>();
  if (share === 0) return gone;
  for (const ad of ads) {
    const { adSet, campaign } = ad;
    if (isGone(campaign, share)) gone.add(campaign.id);
    if (gone.has(campaign.id) || isGone(adSet, share)) gone.add(adSet.id);
    if (gone.has(adSet.id) || isGone(ad, share)) gone.add(ad.id);
  }
  return gone;
}

/** True when not even its id gives an object that is in no list any more. */
export function isUnreadable(id: string): boolean {
  return uniform(saltOf(`unreadable/${id}`), 1) < 0.5;
}

function isGone({ salt }: { readonly salt: number }, share: number): boolean {
  return uniform(mix(salt, 70), 1) < share;
}
