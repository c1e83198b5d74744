import { formatCsvRow } from '../csv.ts';
import { type FaultName, sandboxTruth, startSandbox } from '../sandbox/index.ts';
import { addDays, dayAt } from '../window.ts';
import { type CommandContext, countOption, type Typed, usage } from './context.ts';

/** `adlake sandbox`: serves the local Marketing API until a person ends it, or prints its truth. */
export async function sandbox(context: CommandContext, typed: Typed): Promise<number> {
  return typed.options.truth === true ? printTruth(context, typed) : serve(context, typed);
}

async function serve(context: CommandContext, typed: Typed): Promise<number> {
  const { port, faultRate, fault } = typed.options;
  const sandbox = await startSandbox({
    port: typeof port === 'string' ? portOption(port) : 0,
    ...(context.today === null ? {} : { today: context.today }),
    ...seedOption(typed),
    faults: (fault ?? []) as readonly FaultName[],
    ...(typeof faultRate === 'string' ? { faultRate: rateOption(faultRate) } : {}),
  }).catch(explainPort);
  const { url, token, accountIds } = sandbox;
  if (context.isJson) {
    context.print(`${JSON.stringify({ url, token, account_ids: accountIds }, null, 2)}\n`);
  } else {
    context.print(
      `META_API_BASE_URL=${url}\nMETA_ACCESS_TOKEN=${token}\nMETA_AD_ACCOUNT_ID=${accountIds.join(',')}\n`,
    );
  }
  context.tell('The sandbox is serving synthetic data. Ctrl-C ends it.');
  return untilStopped();
}

/** The process ends when a person stops it; the server keeps it alive until then. */
function untilStopped(): Promise<number> {
  return new Promise(() => {});
}

function printTruth(context: CommandContext, typed: Typed): number {
  const today = context.today ?? dayAt(context.now(), 'UTC');
  const { since = addDays(today, -90), until = addDays(today, -1) } = context.selection;
  const rows = sandboxTruth({ ...seedOption(typed), today, since, until });
  if (context.isJson) {
    context.print(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const lines = rows.map((row) => formatCsvRow(TRUTH_COLUMNS.map((column) => row[column])));
  context.print(`${[TRUTH_COLUMNS.join(','), ...lines].join('\n')}\n`);
  return 0;
}

const TRUTH_COLUMNS = [
  'account_id',
  'date',
  'campaign_id',
  'currency',
  'spend',
  'impressions',
  'clicks',
  'purchases',
  'purchase_value',
] as const;

function seedOption(typed: Typed): { readonly seed?: number } {
  const { seed } = typed.options;
  return typeof seed === 'string' ? { seed: countOption('--seed', seed) } : {};
}

const LAST_PORT = 65_535;

function portOption(text: string): number {
  const port = countOption('--port', text);
  if (port <= LAST_PORT) return port;
  throw usage(`--port must be at most ${LAST_PORT}, found ${port}.`, 'Give --port 8080, say.');
}

function rateOption(text: string): number {
  if (/^(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  throw usage(
    `--fault-rate must be a number from 0 to 1, found ${JSON.stringify(text)}.`,
    'Give --fault-rate 0.2, say: one request in five has a fault.',
  );
}

function explainPort(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number };
  if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
  throw usage(
    `The port ${port} cannot be used: ${code === 'EACCES' ? 'it is not allowed' : 'another program has it'}.`,
    'Give --port another number, or leave it out for a free one.',
  );
}
