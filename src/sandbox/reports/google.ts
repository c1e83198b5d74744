import { fieldsIn, json, type ReportCall, type ReportReply } from './call.ts';
import type { ReportSource } from './source.ts';
import { type ReportAccount, type ReportDay, reportDays } from './world.ts';

/** Answers `googleAds:search` of the Google Ads API. */
export function googleReply(call: ReportCall, source: ReportSource): ReportReply {
  const [, id] = /^\/v\d+\/customers\/(\d+)\/googleAds:search$/.exec(call.url.pathname) ?? [];
  if (id === undefined) return failure(404, ['requestError', 'UNKNOWN', 'No such method.']);
  if (call.headers['developer-token'] !== source.secrets.developerToken) {
    const said = 'The developer token is not valid.';
    return failure(401, ['authenticationError', 'DEVELOPER_TOKEN_INVALID', said]);
  }
  const account = source.world.accounts.find((one) => one.id === id);
  if (account === undefined) {
    const said = "User doesn't have permission to access customer.";
    return failure(403, ['authorizationError', 'USER_PERMISSION_DENIED', said]);
  }
  const { query, pageToken, pageSize } = fieldsIn(call.body);
  if (pageSize !== undefined) {
    return failure(400, ['requestError', 'PAGE_SIZE_NOT_SUPPORTED', 'Page size is fixed.']);
  }
  return found(account, source, { query: String(query), after: pageToken });
}

/** An expired token, as the API answers it. */
export function googleExpired(): ReportReply {
  const said = 'Request had invalid authentication credentials.';
  return failure(401, ['authenticationError', 'OAUTH_TOKEN_EXPIRED', said]);
}

/** A limit, with how long to wait. */
export function googleLimited(): ReportReply {
  const said = 'Too many requests. Retry in 5 seconds.';
  return failure(429, ['quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', said]);
}

function found(
  account: ReportAccount,
  source: ReportSource,
  of: { readonly query: string; readonly after: unknown },
): ReportReply {
  const from = / FROM (\w+)/.exec(of.query)?.[1];
  if (from === 'customer') return json(200, { results: [{ customer: customerOf(account) }] });
  const [, since, until] = /BETWEEN '([\d-]+)' AND '([\d-]+)'/.exec(of.query) ?? [];
  if ((from !== 'campaign' && from !== 'ad_group_ad') || since === undefined) {
    return failure(400, ['queryError', 'UNEXPECTED_INPUT', 'The query cannot be read.']);
  }
  const level = from === 'campaign' ? 'campaign' : 'ad';
  const window = { since, until: until ?? since };
  const today = source.todayIn(account);
  const days = reportDays(source.world, { accountId: account.id, level, window, today });
  const start = typeof of.after === 'string' ? Number(of.after) : 0;
  const page = days.slice(start, start + source.pageRows);
  const next = start + source.pageRows;
  return json(200, {
    ...(page.length === 0 ? {} : { results: page.map((day) => rowOf(account, day)) }),
    ...(next < days.length ? { nextPageToken: String(next) } : {}),
    fieldMask: 'synthetic',
    requestId: `synthetic-${start}`,
  });
}

function customerOf({ id, name, currency, timezone }: ReportAccount): object {
  return {
    resourceName: `customers/${id}`,
    id,
    descriptiveName: name,
    currencyCode: currency,
    timeZone: timezone,
  };
}

function rowOf({ id }: ReportAccount, day: ReportDay): object {
  const { campaign, ad } = day;
  const resourceName = `customers/${id}/campaigns/${campaign.id}`;
  return {
    customer: { resourceName: `customers/${id}`, id },
    campaign: {
      resourceName,
      id: campaign.id,
      name: campaign.name,
      ...(ad === null
        ? { status: 'ENABLED', advertisingChannelType: typeOf(campaign.product) }
        : {}),
    },
    ...(ad === null
      ? {}
      : {
          adGroup: { id: ad.groupId, name: ad.groupName },
          adGroupAd: {
            status: 'ENABLED',
            ad: {
              id: ad.id,
              name: ad.name,
              finalUrls: [`https://shop.example/${ad.id}?utm_source=google`],
            },
          },
        }),
    metrics: {
      impressions: String(day.impressions),
      clicks: String(day.clicks),
      costMicros: String(day.costMicros),
      conversions: day.conversions,
      conversionsValue: day.valueMicros / 1_000_000,
    },
    segments: { date: day.date },
  };
}

function typeOf(product: number): string {
  return product === 1 ? 'PERFORMANCE_MAX' : 'SEARCH';
}

function failure(
  status: number,
  [kind, code, message]: readonly [kind: string, code: string, message: string],
): ReportReply {
  const quota = kind === 'quotaError' ? { quotaErrorDetails: { retryDelay: '5s' } } : null;
  const error = {
    errorCode: { [kind]: code },
    message,
    ...(quota === null ? {} : { details: quota }),
  };
  const type = 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure';
  const details = [{ '@type': type, errors: [error], requestId: 'synthetic' }];
  return json(status, { error: { code: status, message, status: 'SYNTHETIC', details } });
}
