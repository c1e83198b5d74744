import { AdlakeError } from '../../errors.ts';
import { RefreshedTokens } from '../../pull/access-token.ts';
import type { ApiClient } from '../../pull/api-client.ts';
import {
  type AccountIdentity,
  type Connector,
  type ReportQuestion,
  reportLabel,
} from '../../pull/connector.ts';
import { pulledDataset } from '../../pull/datasets.ts';
import { asList, asObject, asText } from '../../pull/loose-json.ts';
import type { GoogleConfig } from '../../pull/source-config.ts';
import { openClient, RETRIES, type SourceWorld, TIMEOUT_SECONDS } from '../../pull/source-world.ts';
import { isZone } from '../../pull/zone-name.ts';
import { judgeGoogle } from './judge.ts';
import { CUSTOMER_QUERY, GOOGLE_KINDS, reportQuery } from './query.ts';

const DOORS = {
  label: 'Google Ads',
  token: 'GOOGLE_ADS_REFRESH_TOKEN',
  accounts: 'GOOGLE_ADS_CUSTOMER_ID',
} as const;

/** More pages of 10,000 rows than any month of an account has; a walk this long goes in circles. */
const MAX_PAGES = 1_000;

/** The Google Ads source: `googleAds:search`, page by page. */
export function googleConnector(config: GoogleConfig, world: SourceWorld): Connector {
  const { client, close } = openClient(world, {
    doors: DOORS,
    limitsFile: 'google_rate_limits.json',
    judge: judgeGoogle,
    tokensFor: (pool) =>
      new RefreshedTokens(pool, {
        ...config,
        doors: DOORS,
        others: [config.developerToken],
        timeoutSeconds: TIMEOUT_SECONDS,
        retries: RETRIES,
        sleep: world.sleep,
      }),
  });
  const asker = { client, config };
  return {
    platform: 'google',
    label: DOORS.label,
    dataset: pulledDataset('google'),
    accountIds: config.accountIds,
    kinds: GOOGLE_KINDS,
    apiVersion: config.apiVersion,
    workers: 4,
    pages: { rows: 'results[]', isGzip: false },
    isIdle: (header) => /resourceName$/.test(header),
    isOther: () => false,
    identify: (accountId) => identify(asker, accountId),
    bring: (question, put) => bring(asker, question, put),
    describe: (question) => ({ query: queryOf(question) }),
    landed: () => {},
    callsOf: (accountId) => client.callsOf(accountId),
    waitsSeconds: () => client.waitsSeconds,
    close,
  };
}

interface Asker {
  readonly client: ApiClient;
  readonly config: GoogleConfig;
}

async function identify(asker: Asker, accountId: string): Promise<AccountIdentity> {
  const label = `account ${accountId}`;
  const { answer } = await search(asker, { accountId, label, query: CUSTOMER_QUERY, after: null });
  const customer = asObject(asObject(asList(asObject(answer).results)[0]).customer);
  const timezone = asText(customer.timeZone) ?? '';
  if (!isZone(timezone)) throw unknownZone(accountId, timezone);
  const currency = asText(customer.currencyCode);
  return { name: asText(customer.descriptiveName), currency, timezone };
}

async function bring(
  asker: Asker,
  question: ReportQuestion,
  put: (page: Buffer) => void,
): Promise<void> {
  const { accountId } = question;
  const about = { accountId, label: reportLabel(question), query: queryOf(question) };
  let after: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const { bytes, answer } = await search(asker, { ...about, after });
    put(bytes);
    const next = asText(asObject(answer).nextPageToken) || null;
    if (next === null) return;
    if (next === after) break;
    after = next;
  }
  throw new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `The pages of ${about.label} do not end. Nothing of it was landed.`,
    remedy: 'Run the same command again; if it stays so, report this message.',
  });
}

async function search(
  { client, config }: Asker,
  of: {
    readonly accountId: string;
    readonly label: string;
    readonly query: string;
    readonly after: string | null;
  },
): Promise<{ readonly bytes: Buffer; readonly answer: unknown }> {
  const { apiBaseUrl, apiVersion, developerToken, loginCustomerId } = config;
  const { accountId, query, after } = of;
  const url = new URL(`${apiBaseUrl}/${apiVersion}/customers/${accountId}/googleAds:search`);
  const text = JSON.stringify({ query, ...(after === null ? {} : { pageToken: after }) });
  const manager = loginCustomerId === null ? {} : { 'login-customer-id': loginCustomerId };
  const reply = await client.ask(
    (token) => ({
      url,
      headers: {
        authorization: `Bearer ${token}`,
        'developer-token': developerToken,
        ...manager,
      },
      body: { type: 'application/json', text },
    }),
    of,
  );
  if (reply.kind === 'answer') return reply;
  throw new RangeError(`Google Ads declined ${of.label}`);
}

function queryOf({ kind, window }: ReportQuestion): string {
  const from = GOOGLE_KINDS.find(({ name }) => name === kind.name)?.from ?? kind.name;
  return reportQuery(from, window);
}

function unknownZone(accountId: string, found: string): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `Google Ads says that the days of account ${accountId} are in ${JSON.stringify(found)}, which is no time zone that this Node knows.`,
    remedy: 'Update Node; if it stays so, report this message.',
  });
}
