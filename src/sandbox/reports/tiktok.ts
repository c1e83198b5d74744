import { daysBetween } from '../../window.ts';
import { json, type ReportCall, type ReportReply } from './call.ts';
import type { ReportSource } from './source.ts';
import { moneyText, type ReportAccount, type ReportDay, reportDays } from './world.ts';

/** Answers the TikTok API for Business: advertisers and synchronous reports. */
export function tiktokReply(call: ReportCall, source: ReportSource): ReportReply {
  if (call.headers['access-token'] !== source.secrets.accessToken) {
    return said(40105, 'Access token is incorrect or has been revoked.');
  }
  const path = call.url.pathname.replace(/^\/open_api\/v1\.3\//, '');
  const parameters = call.url.searchParams;
  if (path === 'advertiser/info/') return advertisers(parameters, source);
  if (path !== 'report/integrated/get/') return said(40002, 'There is no such path.');
  const account = source.world.accounts.find(({ id }) => id === parameters.get('advertiser_id'));
  if (account === undefined) return said(40001, 'No permission to operate the advertiser.');
  return report(parameters, { account, source });
}

/** An expired token, as the API answers it. */
export function tiktokExpired(): ReportReply {
  return said(40105, 'Access token is incorrect or has been revoked.');
}

/** A limit. */
export function tiktokLimited(): ReportReply {
  return said(40100, 'Requests made too frequently.');
}

/** Trouble of its own, told in an answer with status 200. */
export function tiktokTrouble(): ReportReply {
  return said(50_000, 'Internal error of the service. Please try again later.');
}

function advertisers(parameters: URLSearchParams, source: ReportSource): ReportReply {
  const ids = JSON.parse(parameters.get('advertiser_ids') ?? '[]') as readonly string[];
  const list = source.world.accounts
    .filter(({ id }) => ids.includes(id))
    .map(({ id, name, currency, timezone }) => ({
      advertiser_id: id,
      name,
      currency,
      timezone: 'Etc/GMT',
      display_timezone: timezone,
    }));
  return answer({ list });
}

/** A report by day spans at most 30 days. */
const MOST_DAYS = 30;

function report(
  parameters: URLSearchParams,
  { account, source }: { readonly account: ReportAccount; readonly source: ReportSource },
): ReportReply {
  const since = parameters.get('start_date') ?? '';
  const until = parameters.get('end_date') ?? '';
  const page = Number(parameters.get('page') ?? 1);
  const asked = Number(parameters.get('page_size') ?? 10);
  const isAd = parameters.get('data_level') === 'AUCTION_AD';
  const level = isAd ? 'ad' : 'campaign';
  const today = source.todayIn(account);
  if (daysBetween(since, until) >= MOST_DAYS)
    return said(40002, 'The span is longer than 30 days.');
  const window = { since, until };
  const days = reportDays(source.world, { accountId: account.id, level, window, today });
  const size = Math.min(asked, source.pageRows);
  const list = days.slice((page - 1) * size, page * size).map((day) => rowOf(day));
  const total = Math.max(1, Math.ceil(days.length / size));
  const info = { page, page_size: size, total_number: days.length, total_page: total };
  return answer({ list, page_info: info });
}

function rowOf(day: ReportDay): object {
  const { campaign, ad } = day;
  return {
    dimensions: {
      stat_time_day: `${day.date} 00:00:00`,
      ...(ad === null ? { campaign_id: campaign.id } : { ad_id: ad.id }),
    },
    metrics: {
      ...(ad === null
        ? {}
        : {
            campaign_id: campaign.id,
            adgroup_id: ad.groupId,
            adgroup_name: ad.groupName,
            ad_name: ad.name,
          }),
      campaign_name: campaign.name,
      spend: moneyText(day.costMicros),
      impressions: String(day.impressions),
      clicks: String(day.clicks),
      conversion: String(day.conversions),
      complete_payment: String(day.conversions),
      total_complete_payment_rate: moneyText(day.valueMicros),
      video_play_actions: String(day.impressions),
    },
  };
}

function answer(data: object): ReportReply {
  return json(200, { code: 0, message: 'OK', request_id: 'synthetic', data });
}

function said(code: number, message: string): ReportReply {
  return json(200, { code, message, request_id: 'synthetic', data: {} });
}
