import type { Account } from './account.ts';
import { AUDIENCES, audienceId } from './audience.ts';
import type { Day } from './calendar.ts';
import { type Campaign, campaignsOn, type Status, statusOn } from './campaign.ts';
import { goneOf } from './gone.ts';
import { type Ad, type AdSet, adRuns, adSetsOf } from './tree.ts';
import type { WorldSource } from './world-source.ts';

/** Everything of one account that the API knows on `today`. */
export interface World {
  readonly seed: number;
  readonly restatedShare: number;
  readonly account: Account;
  readonly today: Day;
  readonly campaigns: readonly Campaign[];
  readonly adSets: readonly AdSet[];
  readonly ads: readonly Ad[];
  /** Ids of campaigns, ad sets and ads that no list has any more. */
  readonly gone: ReadonlySet<string>;
}

/** An object of the world with the world it is in. */
export type WorldObject =
  | { readonly kind: 'account'; readonly world: World }
  | { readonly kind: 'campaign'; readonly world: World; readonly campaign: Campaign }
  | { readonly kind: 'adset'; readonly world: World; readonly adSet: AdSet }
  | { readonly kind: 'ad'; readonly world: World; readonly ad: Ad }
  | { readonly kind: 'creative'; readonly world: World; readonly ad: Ad }
  | { readonly kind: 'pixel'; readonly world: World }
  | { readonly kind: 'custom-conversion'; readonly world: World }
  /** The custom audience at a place. */
  | { readonly kind: 'audience'; readonly world: World; readonly place: number };

/** Looks objects up; holds one world per account and rebuilds it when the account's day changes. */
export interface Atlas {
  readonly worlds: () => readonly World[];
  /** The object of an id (`act_…` for an account), or undefined. */
  readonly find: (id: string) => WorldObject | undefined;
}

/** What the API says of the state of a campaign, an ad set or an ad. */
export type EffectiveStatus = Status | 'CAMPAIGN_PAUSED';

/** Makes the atlas of a source; `todayOf` gives the current day of an account whenever it is asked. */
export function createAtlas(source: WorldSource, todayOf: (account: Account) => Day): Atlas {
  const built = new Map<string, { world: World; objects: ReadonlyMap<string, WorldObject> }>();
  const current = (account: Account) => {
    const today = todayOf(account);
    const known = built.get(account.id);
    if (known?.world.today === today) return known;
    const world = worldOf(source, account, today);
    const fresh = { world, objects: objectsOf(world) };
    built.set(account.id, fresh);
    return fresh;
  };
  return {
    worlds: () => source.accounts.map((account) => current(account).world),
    find: (id) => {
      for (const account of source.accounts) {
        const object = current(account).objects.get(id);
        if (object !== undefined) return object;
      }
      return undefined;
    },
  };
}

/** The world of one account on `today`. */
export function worldOf(source: WorldSource, account: Account, today: Day): World {
  const { seed, restatedShare, goneShare } = source;
  const campaigns = campaignsOn(source, account, today);
  const adSets = campaigns.flatMap(adSetsOf);
  const ads = adSets.flatMap((adSet) => adSet.ads);
  const gone = goneOf(ads, goneShare);
  return { seed, restatedShare, account, today, campaigns, adSets, ads, gone };
}

/** An object that other objects and insights hang on. */
export type Parent = Extract<
  WorldObject,
  { readonly kind: 'account' | 'campaign' | 'adset' | 'ad' }
>;

/** True for an object that other objects and insights hang on. */
export function isParent(object: WorldObject): object is Parent {
  return ['account', 'campaign', 'adset', 'ad'].includes(object.kind);
}

/** The ads that an object holds: its own, or itself; none for a creative or a pixel. */
export function adsOf(object: WorldObject): readonly Ad[] {
  switch (object.kind) {
    case 'account':
      return object.world.ads;
    case 'campaign':
      return object.world.ads.filter((ad) => ad.campaign === object.campaign);
    case 'adset':
      return object.adSet.ads;
    case 'ad':
      return [object.ad];
    default:
      return [];
  }
}

/** The state of a campaign; one that is in no list any more is deleted. */
export function campaignStatus(campaign: Campaign, world: World): Status {
  return world.gone.has(campaign.id) ? 'DELETED' : statusOn(campaign, world.today);
}

/** The state of an ad set: what its campaign lets it be. */
export function adSetStatus(adSet: AdSet, world: World): EffectiveStatus {
  if (world.gone.has(adSet.id)) return 'DELETED';
  const status = statusOn(adSet.campaign, world.today);
  return status === 'PAUSED' ? 'CAMPAIGN_PAUSED' : status;
}

/** The state of an ad: its own pause counts only while its campaign runs. */
export function adStatus(ad: Ad, world: World): EffectiveStatus {
  if (world.gone.has(ad.id)) return 'DELETED';
  const status = adSetStatus(ad.adSet, world);
  return status === 'ACTIVE' && !adRuns(ad, world.today) ? 'PAUSED' : status;
}

function objectsOf(world: World): ReadonlyMap<string, WorldObject> {
  const objects = new Map<string, WorldObject>();
  objects.set(`act_${world.account.id}`, { kind: 'account', world });
  objects.set(world.account.pixelId, { kind: 'pixel', world });
  const { customConversionId } = world.account;
  objects.set(customConversionId, { kind: 'custom-conversion', world });
  for (let place = 0; place < AUDIENCES; place++) {
    objects.set(audienceId(world, place), { kind: 'audience', world, place });
  }
  for (const campaign of world.campaigns)
    objects.set(campaign.id, { kind: 'campaign', world, campaign });
  for (const adSet of world.adSets) objects.set(adSet.id, { kind: 'adset', world, adSet });
  for (const ad of world.ads) {
    objects.set(ad.id, { kind: 'ad', world, ad });
    objects.set(ad.creativeId, { kind: 'creative', world, ad });
  }
  return objects;
}
