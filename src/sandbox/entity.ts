import { spendOn } from './ad-day.ts';
import { audienceFields, audienceTargeting } from './audience.ts';
import { type Day, offsetHours, stampOf, unixOf } from './calendar.ts';
import { type Campaign, changedOn, isScheduled, statusOn, WORLD_START } from './campaign.ts';
import { creativeFields } from './creative.ts';
import {
  attributionSpec,
  budgetFields,
  type Fields,
  noon,
  roundMoney,
  stampAt,
} from './entity-part.ts';
import { customConversionFields, pixelFields } from './pixel.ts';
import { objectiveOf, resultOf } from './purpose.ts';
import { mix } from './random.ts';
import { type Ad, type AdSet, quarterStart } from './tree.ts';
import { adSetStatus, adStatus, campaignStatus, type World, type WorldObject } from './world.ts';

/** Every field of an object that the sandbox can give, each made when it is called. */
export function fieldsOf(object: WorldObject): Fields {
  switch (object.kind) {
    case 'account':
      return accountFields(object.world);
    case 'campaign':
      return campaignFields(object.campaign, object.world);
    case 'adset':
      return adSetFields(object.adSet, object.world);
    case 'ad':
      return adFields(object.ad, object.world);
    case 'creative':
      return creativeFields(object.ad, object.world.today);
    case 'pixel':
      return pixelFields(object.world);
    case 'audience':
      return audienceFields(object.world, object.place);
    case 'custom-conversion':
      return customConversionFields(object.world);
  }
}

function accountFields(world: World): Fields {
  const { account, today } = world;
  return {
    id: () => `act_${account.id}`,
    account_id: () => account.id,
    name: () => account.name,
    account_status: () => 1,
    disable_reason: () => 0,
    currency: () => account.currency,
    timezone_id: () => account.zoneId,
    timezone_name: () => account.zone,
    timezone_offset_hours_utc: () => offsetHours(noon(today, account), account.zone),
    amount_spent: () => String(amountSpent(world)),
    balance: () => '0',
    spend_cap: () => '0',
    min_daily_budget: () => (account.minorPerMajor === 1 ? 150 : 100),
    is_personal: () => 0,
    is_prepay_account: () => false,
    age: () => today - WORLD_START + 0.5,
    created_time: () => stampAt(WORLD_START, mix(account.zoneId, 3), account),
    user_tasks: () => ['DRAFT', 'ANALYZE'],
  };
}

function campaignFields(campaign: Campaign, world: World): Fields {
  const { account, salt, plan } = campaign;
  const { today } = world;
  const status = campaignStatus(campaign, world);
  return {
    id: () => campaign.id,
    account_id: () => account.id,
    name: () => campaign.name,
    objective: () => objectiveOf(plan.purpose),
    status: () => status,
    configured_status: () => status,
    effective_status: () => status,
    buying_type: () => 'AUCTION',
    bid_strategy: () => (plan.budgetAt === 'campaign' ? 'LOWEST_COST_WITHOUT_CAP' : undefined),
    ...(plan.budgetAt === 'campaign' ? budgetFields(salt, campaign) : {}),
    spend_cap: () => (salt % 5 === 0 ? String(roundMoney(900_000, account)) : undefined),
    special_ad_categories: () => [],
    special_ad_category: () => 'NONE',
    pacing_type: () => ['standard'],
    source_campaign_id: () => '0',
    created_time: () => stampAt(campaign.created, salt, account),
    start_time: () => stampAt(campaign.start, mix(salt, 2), account),
    stop_time: () => (isScheduled(campaign) ? endStamp(campaign) : undefined),
    updated_time: () => stampAt(changedOn(campaign, today), mix(salt, 3), account),
  };
}

function adSetFields(adSet: AdSet, world: World): Fields {
  const { today } = world;
  const { campaign, salt } = adSet;
  const { account, plan } = campaign;
  const effective = adSetStatus(adSet, world);
  const own = effective === 'DELETED' ? effective : ownStatus(campaign, today);
  return {
    id: () => adSet.id,
    account_id: () => account.id,
    campaign_id: () => campaign.id,
    name: () => adSet.name,
    status: () => own,
    configured_status: () => own,
    effective_status: () => effective,
    ...(plan.budgetAt === 'ad-set' ? budgetFields(salt, campaign) : {}),
    bid_strategy: () => (plan.budgetAt === 'ad-set' ? 'LOWEST_COST_WITHOUT_CAP' : undefined),
    billing_event: () => 'IMPRESSIONS',
    optimization_goal: () => resultOf(plan.purpose).goal,
    promoted_object: () => ({
      pixel_id: account.pixelId,
      custom_event_type: resultOf(plan.purpose).event,
    }),
    attribution_spec: () => attributionSpec(adSet),
    targeting: () => ({
      age_min: 18,
      age_max: 65,
      geo_locations: { countries: account.countries.slice(0, -1).map(({ code }) => code) },
      ...audienceTargeting(world, salt),
    }),
    created_time: () => stampAt(campaign.created, mix(salt, 4), account),
    start_time: () => stampAt(campaign.start, mix(campaign.salt, 2), account),
    end_time: () => (isScheduled(campaign) ? endStamp(campaign) : undefined),
    updated_time: () => stampAt(changedOn(campaign, today), mix(salt, 5), account),
  };
}

function adFields(ad: Ad, world: World): Fields {
  const { campaign, adSet, salt } = ad;
  const { account } = campaign;
  const effective = adStatus(ad, world);
  const isOwn = effective === 'PAUSED' || effective === 'DELETED';
  const own = isOwn ? effective : ownStatus(campaign, world.today);
  const turned = ad.everyOtherQuarter && effective === 'PAUSED';
  const changed = turned ? quarterStart(world.today) : changedOn(campaign, world.today);
  return {
    id: () => ad.id,
    account_id: () => account.id,
    campaign_id: () => campaign.id,
    adset_id: () => adSet.id,
    name: () => ad.name,
    status: () => own,
    configured_status: () => own,
    effective_status: () => effective,
    creative: () => ({ id: ad.creativeId }),
    bid_type: () => 'ABSOLUTE_OCPM',
    source_ad_id: () => '0',
    tracking_specs: () => [{ 'action.type': ['offsite_conversion'], fb_pixel: [account.pixelId] }],
    created_time: () => stampAt(campaign.created, mix(salt, 6), account),
    updated_time: () => stampAt(Math.max(campaign.created, changed), mix(salt, 7), account),
  };
}

/** What an ad set or ad says of itself: a campaign's pause does not show there. */
function ownStatus(campaign: Campaign, today: Day): string {
  const status = statusOn(campaign, today);
  return status === 'PAUSED' ? 'ACTIVE' : status;
}

/** Spend of the last 365 days in minor units: enough to be plausible, and quick. */
function amountSpent(world: World): number {
  let total = 0;
  for (const ad of world.ads) {
    const last = Math.min(world.today, ad.campaign.end);
    for (let day = Math.max(ad.campaign.start, world.today - 364); day <= last; day++) {
      total += spendOn(ad, day, world);
    }
  }
  return total;
}

function endStamp(campaign: Campaign): string {
  const end = { day: campaign.end + 1, second: 0, zone: campaign.account.zone };
  return stampOf(unixOf(end), end.zone);
}
