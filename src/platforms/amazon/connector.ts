import { AdlakeError } from '../../errors.ts';
import { RefreshedTokens } from '../../pull/access-token.ts';
import type { AccountIdentity, Connector } from '../../pull/connector.ts';
import { pulledDataset } from '../../pull/datasets.ts';
import { asList, asObject, asText } from '../../pull/loose-json.ts';
import { ReportLedger } from '../../pull/report-ledger.ts';
import type { AmazonConfig } from '../../pull/source-config.ts';
import { openClient, RETRIES, type SourceWorld, TIMEOUT_SECONDS } from '../../pull/source-world.ts';
import { isZone } from '../../pull/zone-name.ts';
import { judgeAmazon } from './judge.ts';
import { orderOf } from './order.ts';
import { bringReport, ledgerKey, type ReportDesk } from './report-run.ts';
import { REPORT_TYPES } from './report-type.ts';

const DOORS = {
  label: 'Amazon Ads',
  token: 'AMAZON_ADS_REFRESH_TOKEN',
  accounts: 'AMAZON_ADS_PROFILE_ID',
} as const;

/** The Amazon Ads source: reports of version 3, ordered, waited for and downloaded. */
export function amazonConnector(config: AmazonConfig, world: SourceWorld): Connector {
  const { client, pool, close } = openClient(world, {
    doors: DOORS,
    limitsFile: 'amazon_rate_limits.json',
    judge: judgeAmazon,
    tokensFor: (connections) =>
      new RefreshedTokens(connections, {
        ...config,
        doors: DOORS,
        others: [],
        timeoutSeconds: TIMEOUT_SECONDS,
        retries: RETRIES,
        sleep: world.sleep,
      }),
  });
  const { now, sleep } = world;
  const ledger = new ReportLedger(world.lake, 'amazon_reports.json');
  const { apiBaseUrl, clientId } = config;
  const desk: ReportDesk = { client, pool, ledger, apiBaseUrl, clientId, now, sleep };
  return {
    platform: 'amazon',
    label: DOORS.label,
    dataset: pulledDataset('amazon'),
    accountIds: config.accountIds,
    kinds: REPORT_TYPES,
    apiVersion: 'v3',
    workers: 20,
    pages: { rows: '[]', isGzip: true },
    isIdle: () => false,
    isOther: () => false,
    identify: (accountId) => identify(desk, accountId),
    bring: async (question, put) => put(await bringReport(desk, question)),
    describe: orderOf,
    landed: (question) => ledger.drop([ledgerKey(question)]),
    callsOf: (accountId) => client.callsOf(accountId),
    waitsSeconds: () => client.waitsSeconds,
    close,
  };
}

/** The profiles of the user are one list; it names each one's account, currency and time zone. */
async function identify(desk: ReportDesk, accountId: string): Promise<AccountIdentity> {
  const reply = await desk.client.ask(
    (token) => ({
      url: new URL(`${desk.apiBaseUrl}/v2/profiles`),
      headers: {
        authorization: `Bearer ${token}`,
        'amazon-advertising-api-clientid': desk.clientId,
      },
    }),
    { accountId, label: `profile ${accountId}` },
  );
  const profiles = reply.kind === 'answer' ? asList(reply.answer).map(asObject) : [];
  const profile = profiles.find(({ profileId }) => asText(profileId) === accountId);
  const timezone = asText(profile?.timezone) ?? '';
  if (profile === undefined || !isZone(timezone)) throw withoutProfile(accountId);
  const name = asText(asObject(profile.accountInfo).name);
  return { name, currency: asText(profile.currencyCode), timezone };
}

function withoutProfile(accountId: string): AdlakeError {
  return new AdlakeError({
    code: 'PERMISSION_REFUSED',
    message: `Amazon Ads lists no profile ${accountId} for the user of ${DOORS.token} in this region.`,
    remedy: `Check the ids in ${DOORS.accounts} and AMAZON_ADS_REGION.`,
  });
}
