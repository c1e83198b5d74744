import { gzipSync } from 'node:zlib';
import { fieldsIn, json, type ReportCall, type ReportReply } from './call.ts';
import type { ReportSource } from './source.ts';
import { type ReportDay, reportDays } from './world.ts';

/** A report that was ordered. */
interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly text: string;
  readonly type: string;
  readonly since: string;
  readonly until: string;
  polls: number;
  hasFailed: boolean;
}

/** Ad products in the order of a campaign's product. */
const PRODUCTS = ['sp', 'sb', 'sd'];

/** The reports of a sandbox of Amazon Ads. Lives as long as it does. */
export class AmazonReports {
  private readonly orders = new Map<string, Order>();

  /** How many reports were ordered. */
  get ordered(): number {
    return this.orders.size;
  }

  /** Answers the Amazon Ads API: profiles, and reports of version 3. */
  reply(call: ReportCall, source: ReportSource): ReportReply {
    const path = call.url.pathname;
    const [, download] = /^\/download\/([\w-]+)$/.exec(path) ?? [];
    if (download !== undefined) return this.download(download, call, source);
    if (call.headers['amazon-advertising-api-clientid'] !== source.secrets.clientId) {
      return said(401, 'Client id does not match.');
    }
    if (path === '/v2/profiles') return profiles(source);
    const scope = call.headers['amazon-advertising-api-scope'] ?? '';
    if (!source.world.accounts.some(({ id }) => id === scope)) {
      return said(403, 'Not authorized to access this scope.');
    }
    if (path === '/reporting/reports' && call.method === 'POST') return this.order(call, scope);
    const [, id] = /^\/reporting\/reports\/([\w-]+)$/.exec(path) ?? [];
    const order = id === undefined ? undefined : this.orders.get(id);
    return order === undefined
      ? said(404, 'There is no such report.')
      : this.poll(order, call, source);
  }

  /** The next report that is asked after has failed. */
  fail(call: ReportCall): boolean {
    const [, id = ''] = /^\/reporting\/reports\/([\w-]+)$/.exec(call.url.pathname) ?? [];
    const order = this.orders.get(id);
    if (order === undefined || order.polls > 0) return false;
    order.hasFailed = true;
    return true;
  }

  private order(call: ReportCall, accountId: string): ReportReply {
    const same = [...this.orders.values()].find(
      (one) => one.text === call.body && one.accountId === accountId && !one.hasFailed,
    );
    if (same !== undefined) {
      return json(425, { code: '425', detail: `The Request is a duplicate of : ${same.id}` });
    }
    const { startDate, endDate, configuration } = fieldsIn(call.body);
    const type = String((configuration as { reportTypeId?: unknown } | undefined)?.reportTypeId);
    const id = `synthetic-report-${this.orders.size + 1}`;
    const dates = { since: String(startDate), until: String(endDate) };
    const state = { polls: 0, hasFailed: false };
    this.orders.set(id, { id, accountId, text: call.body, type, ...dates, ...state });
    return json(200, { reportId: id, status: 'PENDING', url: null });
  }

  private poll(order: Order, call: ReportCall, source: ReportSource): ReportReply {
    order.polls++;
    const { id } = order;
    if (order.hasFailed)
      return json(200, { reportId: id, status: 'FAILED', failureReason: 'synthetic' });
    if (order.polls <= source.reportPolls) {
      const status = order.polls === 1 ? 'PENDING' : 'PROCESSING';
      return json(200, { reportId: id, status, url: null });
    }
    const url = `${call.url.origin}/download/${id}?X-Amz-Signature=synthetic`;
    return json(200, { reportId: id, status: 'COMPLETED', url, fileSize: 1 });
  }

  /** A signed address wants no token: one that brings one is refused, as the real ones do. */
  private download(id: string, call: ReportCall, source: ReportSource): ReportReply {
    const order = this.orders.get(id);
    if (order === undefined) return said(404, 'There is no such file.');
    if (call.headers.authorization !== undefined) return said(400, 'Only one way to authenticate.');
    const rows = rowsOf(order, source);
    const headers = { 'content-type': 'application/octet-stream' };
    return { status: 200, headers, body: gzipSync(JSON.stringify(rows)) };
  }
}

/** A limit, with how long to wait. */
export function amazonLimited(): ReportReply {
  return json(429, { code: '429', details: 'Too Many Requests' }, { 'retry-after': '7' });
}

/** An expired token, as the API answers it. */
export function amazonExpired(): ReportReply {
  return said(401, 'HTTP 401 Unauthorized');
}

function profiles(source: ReportSource): ReportReply {
  return json(
    200,
    source.world.accounts.map(({ id, name, currency, timezone }) => ({
      profileId: Number(id),
      countryCode: 'US',
      currencyCode: currency,
      timezone,
      accountInfo: { id: `synthetic-${id}`, type: 'seller', name },
    })),
  );
}

function rowsOf(order: Order, source: ReportSource): readonly object[] {
  const { world } = source;
  const account = world.accounts.find(({ id }) => id === order.accountId);
  if (account === undefined) return [];
  const level = order.type.endsWith('Campaigns') ? 'campaign' : 'ad';
  const product = PRODUCTS.indexOf(order.type.slice(0, 2));
  const { since, until } = order;
  const today = source.todayIn(account);
  return reportDays(world, { accountId: account.id, level, window: { since, until }, today })
    .filter(({ campaign }) => campaign.product === product)
    .map((day) => rowOf(day, product));
}

function rowOf(day: ReportDay, product: number): object {
  const { campaign, ad } = day;
  const [orders, sales] = product === 0 ? ['purchases14d', 'sales14d'] : ['purchases', 'sales'];
  return {
    date: day.date,
    campaignId: Number(campaign.id),
    campaignName: campaign.name,
    ...(ad === null
      ? { campaignStatus: 'ENABLED' }
      : { adGroupId: Number(ad.groupId), adGroupName: ad.groupName, adId: Number(ad.id) }),
    impressions: day.impressions,
    clicks: day.clicks,
    cost: day.costMicros / 1_000_000,
    [orders ?? '']: day.conversions,
    [sales ?? '']: day.valueMicros / 1_000_000,
  };
}

function said(status: number, details: string): ReportReply {
  return json(status, { code: String(status), details });
}
