import {
  REPORT_FAULTS,
  REPORT_PLATFORMS,
  type ReportFault,
  type ReportPlatform,
  type ReportSandbox,
  startReportSandbox,
} from '../sandbox/reports/index.ts';
import { type CommandContext, countOption, type Typed, usage } from './context.ts';
import { explainPort, untilStopped } from './serving.ts';

/**
 * `adlake sandbox --platform NAME`: serves a local stand-in for another platform's API until a person
 * ends it, and prints the settings that point at it.
 */
export async function reportSandbox(context: CommandContext, typed: Typed): Promise<number> {
  const { port, seed, fault, faultRate, reportPolls } = typed.options;
  const faults = ((fault ?? []) as readonly string[]).map(faultOf);
  const sandbox = await startReportSandbox({
    platform: platformOf(typed.options.platform),
    port: typeof port === 'string' ? countOption('--port', port) : 0,
    ...(typeof seed === 'string' ? { seed: countOption('--seed', seed) } : {}),
    ...(typeof reportPolls === 'string'
      ? { reportPolls: countOption('--report-polls', reportPolls) }
      : {}),
    ...(typeof faultRate === 'string' ? { faultRate: Number(faultRate) } : {}),
    ...(context.today === null ? {} : { today: context.today }),
    faults,
  }).catch(explainPort);
  const settings = settingsOf(sandbox);
  if (context.isJson) context.print(`${JSON.stringify(settings, null, 2)}\n`);
  else {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    context.print(lines.join(''));
  }
  context.tell('The sandbox is serving synthetic data. Ctrl-C ends it.');
  return untilStopped();
}

/** The settings that point at a sandbox, by name. Nothing in them is secret. */
export function settingsOf({
  url,
  world,
  secrets,
}: ReportSandbox): Readonly<Record<string, string>> {
  const accounts = world.accounts.map(({ id }) => id).join(',');
  if (world.platform === 'tiktok') {
    return {
      TIKTOK_API_BASE_URL: url,
      TIKTOK_ACCESS_TOKEN: secrets.accessToken,
      TIKTOK_ADVERTISER_ID: accounts,
    };
  }
  const isGoogle = world.platform === 'google';
  const prefix = isGoogle ? 'GOOGLE_ADS' : 'AMAZON_ADS';
  return {
    [`${prefix}_API_BASE_URL`]: url,
    [`${prefix}_TOKEN_URL`]: `${url}/token`,
    [`${prefix}_CLIENT_ID`]: secrets.clientId,
    [`${prefix}_CLIENT_SECRET`]: secrets.clientSecret,
    [`${prefix}_REFRESH_TOKEN`]: secrets.refreshToken,
    ...(isGoogle
      ? {
          GOOGLE_ADS_DEVELOPER_TOKEN: secrets.developerToken,
          GOOGLE_ADS_CUSTOMER_ID: accounts,
        }
      : { AMAZON_ADS_PROFILE_ID: accounts }),
  };
}

function platformOf(typed: unknown): ReportPlatform {
  const found = REPORT_PLATFORMS.find((one) => one === typed);
  if (found !== undefined) return found;
  const names = ['meta', ...REPORT_PLATFORMS];
  throw usage(
    `There is no sandbox of ${JSON.stringify(typed)}.`,
    `Give --platform one of: ${names.join(', ')}.`,
  );
}

function faultOf(typed: string): ReportFault {
  const found = REPORT_FAULTS.find((one) => one === typed);
  if (found !== undefined) return found;
  throw usage(
    `There is no fault ${JSON.stringify(typed)} in this sandbox.`,
    `Give --fault one of: ${REPORT_FAULTS.join(', ')}.`,
  );
}
