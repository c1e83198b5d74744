import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';

process.env.TZ = 'Pacific/Kiritimati';

/** A JSON object as it came. */
export type Json = Readonly<Record<string, unknown>>;

/** An answer of the sandbox. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
  /** The rows of a list, empty for anything else. */
  readonly data: readonly Json[];
}

/** Parameters; what is not text is sent as JSON. */
export type Params = Readonly<Record<string, unknown>>;

/** The fields that most tests look at. */
export const FIELDS =
  'account_id,campaign_id,adset_id,ad_id,impressions,clicks,spend,reach,frequency,inline_link_clicks,actions,action_values,video_p25_watched_actions';

/** The attribution windows that the pipeline asks for. */
export const WINDOWS = ['1d_click', '7d_click', '28d_click', '1d_view', '1d_ev'];

/** Runs a test body against a sandbox, and closes it whatever happens. */
export async function withSandbox(
  options: SandboxOptions,
  body: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    await body(sandbox);
  } finally {
    await sandbox.close();
  }
}

/** Asks v26.0 of a sandbox with its token in the header. */
export async function ask(sandbox: Sandbox, path: string, params: Params = {}): Promise<Asked> {
  return askUrl(sandbox, addressOf(sandbox, `/v26.0/${path}`, params));
}

/** Posts to v26.0 of a sandbox, parameters in the body. */
export async function post(
  sandbox: Sandbox,
  path: string,
  params: Params,
  type: 'form' | 'json' = 'form',
): Promise<Asked> {
  const texts = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const json = { 'content-type': 'application/json' };
  const response = await fetch(new URL(`/v26.0/${path}`, sandbox.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.token}`, ...(type === 'json' ? json : {}) },
    body: type === 'json' ? JSON.stringify(params) : new URLSearchParams(texts),
  });
  return read(response);
}

/** Asks a whole address with the sandbox's token in the header. */
export async function askUrl(sandbox: Sandbox, url: string): Promise<Asked> {
  return read(await fetch(url, { headers: { authorization: `Bearer ${sandbox.token}` } }));
}

/** All rows of an insights query of an account, in one page of at most 1000. */
export async function rows(
  sandbox: Sandbox,
  path: string,
  params: Params,
): Promise<readonly Json[]> {
  const found: Json[] = [];
  let url: string | undefined = addressOf(sandbox, `/v26.0/${path}/insights`, {
    limit: 1000,
    fields: FIELDS,
    action_attribution_windows: WINDOWS,
    time_increment: 1,
    ...params,
  });
  while (url !== undefined) {
    const answer: Asked = await askUrl(sandbox, url);
    if (answer.status !== 200) throw new Error(answer.text);
    found.push(...answer.data);
    url = (answer.json.paging as { next?: string } | undefined)?.next;
  }
  return found;
}

/** The address of a path with parameters. */
export function addressOf(sandbox: Sandbox, path: string, params: Params): string {
  const url = new URL(path, sandbox.url);
  for (const [name, value] of Object.entries(params)) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return url.href;
}

/** Reads a response whole. */
export async function read(response: Response): Promise<Asked> {
  const text = await response.text();
  const json = parsed(text);
  const data = Array.isArray(json.data) ? (json.data as Json[]) : [];
  return { status: response.status, headers: response.headers, text, json, data };
}

/** The value of an action type in a list of actions, by key; undefined when it is not there. */
export function actionOf(
  row: Json,
  type: string,
  list = 'actions',
  key = 'value',
): string | undefined {
  const actions = (row[list] ?? []) as readonly Readonly<Record<string, string>>[];
  return actions.find((action) => action.action_type === type)?.[key];
}

/** Hundredths of a decimal text, exact. */
export function hundredths(text: unknown): number {
  const [whole = '0', part = ''] = String(text).split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
