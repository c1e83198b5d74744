import { createRequire } from 'node:module';
import type { Sandbox } from '../../src/sandbox/index.ts';

/** An object as Meta's own client gives it. */
export interface SdkObject {
  readonly id: string;
  readonly _data: Readonly<Record<string, unknown>>;
  get(fields: readonly string[], params?: object): Promise<SdkObject>;
}

/** A page of objects; `next` and `previous` change it. */
export interface SdkCursor extends Array<SdkObject> {
  readonly paging: { readonly next?: unknown; readonly previous?: unknown } | undefined;
  readonly summary: Readonly<Record<string, unknown>> | undefined;
  hasNext(): boolean;
  hasPrevious(): boolean;
  next(): Promise<SdkCursor>;
  previous(): Promise<SdkCursor>;
}

type Edge = (
  fields: readonly string[],
  params?: object,
  fetchFirstPage?: boolean,
) => Promise<SdkCursor>;

/** An ad account, a campaign, an ad set or an ad: what this project reads of it. */
export interface SdkParent extends SdkObject {
  readonly getCampaigns: Edge;
  readonly getAdSets: Edge;
  readonly getAds: Edge;
  readonly getAdCreatives: Edge;
  readonly getAdsPixels: Edge;
  readonly getCustomAudiences: Edge;
  readonly getCustomConversions: Edge;
  readonly getActivities: Edge;
  readonly getInsights: Edge;
  readonly getAdAccounts: Edge;
  getInsightsAsync(fields: readonly string[], params?: object): Promise<SdkRun>;
}

/** An asynchronous report. */
export interface SdkRun extends SdkObject {
  readonly async_status: string;
  readonly async_percent_completion: number;
  getInsights(fields: readonly string[], params?: object): Promise<SdkCursor>;
}

/** One entry's answer of a batch. */
export interface SdkResponse {
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly isSuccess: boolean;
  readonly error: SdkError | null;
}

/** What Meta's own client throws. */
export interface SdkError extends Error {
  readonly status: number | null;
  readonly response: Readonly<Record<string, unknown>> | null;
  readonly method: string;
}

/** A batch that is filled and then sent. */
export interface SdkBatch {
  add(
    method: string,
    path: readonly string[],
    params: object,
    files: undefined,
    good: (response: SdkResponse) => void,
    bad: (response: SdkResponse) => void,
  ): void;
  execute(): Promise<SdkBatch | null>;
}

type ParentClass = new (id: string) => SdkParent;

/** The part of Meta's own client that is used here; it has no types of its own. */
export interface Sdk {
  readonly FacebookAdsApi: {
    init(token: string, locale?: string, reportsCrashes?: boolean): object;
    readonly VERSION: string;
  };
  readonly FacebookAdsApiBatch: new (api: object) => SdkBatch;
  readonly AdAccount: ParentClass;
  readonly Campaign: ParentClass;
  readonly AdSet: ParentClass;
  readonly Ad: ParentClass;
  readonly User: ParentClass;
}

/**
 * Meta's own client, its base URL pointed at a sandbox and nothing else of it changed, with the
 * sandbox's token.
 */
export function officialClient(sandbox: Sandbox, token: string = sandbox.token): Sdk {
  const sdk = createRequire(import.meta.url)('facebook-nodejs-business-sdk') as Sdk;
  Object.defineProperty(sdk.FacebookAdsApi, 'GRAPH', {
    configurable: true,
    get: () => sandbox.url,
  });
  sdk.FacebookAdsApi.init(token, 'en_US', false);
  return sdk;
}

/** More pages than any list here has; a walk this long goes in circles. */
const MAX_PAGES = 500;

/** Every object of a list, by the client's own cursor, from the first page to the end. */
export async function walkToEnd(
  first: Promise<SdkCursor>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const cursor = await first;
  const found: Readonly<Record<string, unknown>>[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    found.push(...cursor.map((one) => one._data));
    if (!cursor.hasNext()) return found;
    await cursor.next();
  }
  throw new RangeError(`More than ${MAX_PAGES} pages came.`);
}
