import { AdlakeError } from '../../errors.ts';
import { fixedToken } from '../../pull/access-token.ts';
import type { ApiClient } from '../../pull/api-client.ts';
import {
  type AccountIdentity,
  type Connector,
  type ReportQuestion,
  reportLabel,
} from '../../pull/connector.ts';
import { pulledDataset } from '../../pull/datasets.ts';
import { asList, asObject, asText } from '../../pull/loose-json.ts';
import type { TiktokConfig } from '../../pull/source-config.ts';
import { openClient, type SourceWorld } from '../../pull/source-world.ts';
import { isZone } from '../../pull/zone-name.ts';
import { judgeTiktok } from './judge.ts';
import { reportParameters, TIKTOK_KINDS } from './report.ts';

const API_VERSION = 'v1.3';

const DOORS = {
  label: 'TikTok Ads',
  token: 'TIKTOK_ACCESS_TOKEN',
  accounts: 'TIKTOK_ADVERTISER_ID',
} as const;

/** More pages than any month of an account has; a walk this long goes in circles. */
const MAX_PAGES = 10_000;

/** The TikTok Ads source: `report/integrated/get`, page by page. */
export function tiktokConnector(config: TiktokConfig, world: SourceWorld): Connector {
  const { client, close } = openClient(world, {
    doors: DOORS,
    limitsFile: 'tiktok_rate_limits.json',
    judge: judgeTiktok,
    tokensFor: () => fixedToken(config.accessToken),
  });
  const asker = { client, config };
  return {
    platform: 'tiktok',
    label: DOORS.label,
    dataset: pulledDataset('tiktok'),
    accountIds: config.accountIds,
    kinds: TIKTOK_KINDS,
    apiVersion: API_VERSION,
    workers: 4,
    pages: { rows: 'data.list[]', isGzip: false },
    isIdle: () => false,
    isOther: (header) => header === 'metrics.conversion',
    identify: (accountId) => identify(asker, accountId),
    bring: (question, put) => bring(asker, question, put),
    describe: reportParameters,
    landed: () => {},
    callsOf: (accountId) => client.callsOf(accountId),
    waitsSeconds: () => client.waitsSeconds,
    close,
  };
}

interface Asker {
  readonly client: ApiClient;
  readonly config: TiktokConfig;
}

async function identify(asker: Asker, accountId: string): Promise<AccountIdentity> {
  const parameters = {
    advertiser_ids: JSON.stringify([accountId]),
    fields: JSON.stringify(['advertiser_id', 'name', 'currency', 'timezone', 'display_timezone']),
  };
  const about = { accountId, label: `account ${accountId}` };
  const { answer } = await get(asker, { ...about, path: 'advertiser/info/', parameters });
  const account = asObject(asList(asObject(asObject(answer).data).list)[0]);
  const zones = [asText(account.display_timezone), asText(account.timezone)];
  const timezone = zones.find((zone) => zone !== null && isZone(zone));
  if (timezone === undefined || timezone === null) throw withoutZone(accountId);
  return { name: asText(account.name), currency: asText(account.currency), timezone };
}

async function bring(
  asker: Asker,
  question: ReportQuestion,
  put: (page: Buffer) => void,
): Promise<void> {
  const about = { accountId: question.accountId, label: reportLabel(question) };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const parameters = { ...reportParameters(question), page: String(page) };
    const { bytes, answer } = await get(asker, {
      ...about,
      path: 'report/integrated/get/',
      parameters,
    });
    put(bytes);
    if (page >= pagesIn(answer, about.label)) return;
  }
  throw new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `The pages of ${about.label} do not end. Nothing of it was landed.`,
    remedy: 'Run the same command again; if it stays so, report this message.',
  });
}

/** How many pages there are. An answer that does not say is not one, and could be cut short. */
function pagesIn(answer: unknown, label: string): number {
  const info = asObject(asObject(asObject(answer).data).page_info);
  const pages = Number(asText(info.total_page) ?? Number.NaN);
  if (Number.isInteger(pages)) return pages;
  throw new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `TikTok Ads did not say how many pages the answer for ${label} has.`,
    remedy: 'Run the same command again; if it stays so, report this message.',
  });
}

async function get(
  { client, config }: Asker,
  of: {
    readonly accountId: string;
    readonly label: string;
    readonly path: string;
    readonly parameters: Readonly<Record<string, string>>;
  },
): Promise<{ readonly bytes: Buffer; readonly answer: unknown }> {
  const url = new URL(`${config.apiBaseUrl}/open_api/${API_VERSION}/${of.path}`);
  url.search = new URLSearchParams(of.parameters).toString();
  const reply = await client.ask((token) => ({ url, headers: { 'access-token': token } }), of);
  if (reply.kind === 'answer') return reply;
  throw new RangeError(`TikTok Ads declined ${of.label}`);
}

function withoutZone(accountId: string): AdlakeError {
  return new AdlakeError({
    code: 'PERMISSION_REFUSED',
    message: `TikTok Ads does not say in which time zone the days of account ${accountId} are: the token may not read it, or there is no such account.`,
    remedy: `Check the ids in ${DOORS.accounts}, and give the app of ${DOORS.token} access to the account.`,
  });
}
