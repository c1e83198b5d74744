import PQueue from 'p-queue';
import type { MetaConfig } from '../../config.ts';
import { CONNECTIONS, openPool, type Pool } from '../../pull/http.ts';
import type { RateLimits } from '../../pull/rate-limits.ts';
import { withoutSecrets } from '../../pull/secrets.ts';
import { cutTokens } from '../../token.ts';
import type { Lake } from '../../zone.ts';
import { type Complaint, classify, type Headers, type Verdict } from './classify.ts';
import { exchangeLent } from './http.ts';
import { readList } from './list-answer.ts';
import { usageIn } from './rate-limit.ts';
import type { Refusal } from './refusal.ts';
import type { MetaQuery } from './requests.ts';
import { credentialsOf, secretProof } from './secret.ts';
import { VersionSightings } from './version-sightings.ts';

/** What is sent: one question, an order, or several questions at once. */
export type Message =
  | { readonly kind: 'get' | 'post'; readonly query: MetaQuery }
  | { readonly kind: 'batch'; readonly queries: readonly MetaQuery[] };

/** What one answer says, with its bytes; no secret of ours is in either. */
export interface Heard {
  readonly verdict: Verdict;
  readonly bytes: Buffer;
}

/** What the wire is made of. */
export interface WireOptions {
  readonly config: MetaConfig;
  readonly lake: Lake;
  readonly token: string;
  readonly limits: RateLimits;
  /** The current instant, UTC. */
  readonly now: () => string;
}

/** Sends single requests, judges what comes back, and takes note of what its headers say. */
export class Wire {
  calls = 0;
  private readonly options: WireOptions;
  private readonly pool: Pool = openPool();
  /** Only a request under way holds a place, not one that waits for a limit. */
  private readonly places = new PQueue({ concurrency: CONNECTIONS });
  private readonly versions: VersionSightings;
  private readonly secrets: readonly string[];
  private readonly callsByAccount = new Map<string, number>();

  constructor(options: WireOptions) {
    this.options = options;
    const { appSecret } = options.config;
    this.secrets = credentialsOf({ token: options.token, appSecret });
    this.versions = new VersionSightings(options.lake, this.secrets);
  }

  /** Requests sent about one account so far, repetitions included. */
  callsOf(accountId: string): number {
    return this.callsByAccount.get(accountId) ?? 0;
  }

  /** One request and its answer. A network failure is a verdict too: `retry`. */
  async send(message: Message, accountId: string): Promise<Heard> {
    this.calls++;
    this.callsByAccount.set(accountId, this.callsOf(accountId) + 1);
    const { config, token } = this.options;
    const timeoutSeconds = config.requestTimeoutSeconds;
    const call = { ...this.addressOf(message), token, timeoutSeconds };
    const heard = await this.places.add(() =>
      exchangeLent(this.pool, call, (came) => kept(this.hear(came, accountId), came)),
    );
    return heard.kind === 'failed' ? failed(heard.reason) : heard.value;
  }

  /** Judges an answer, or an entry of a batch, which is one in itself. Its bytes may be those that came. */
  hear(came: Came, accountId: string): Heard {
    const { config, now } = this.options;
    const judged = judge(came);
    const verdict = judged.kind === 'ok' ? judged : this.clean(judged);
    this.versions.observe(
      { headers: came.headers, verdict },
      { apiVersion: config.apiVersion, at: now() },
    );
    if (verdict.kind !== 'rate_limited') this.observe(came.headers, accountId);
    const bytes = verdict.kind === 'ok' ? withoutSecrets(came.bytes, this.secrets) : NOTHING;
    return { verdict, bytes };
  }

  /** How long the address of a question is, in characters. */
  addressLength(query: MetaQuery): number {
    return this.addressOf({ kind: 'get', query }).url.href.length;
  }

  /** Ends the connections and writes down what was said of the version. */
  async close(): Promise<void> {
    this.versions.save();
    await this.pool.close();
  }

  /** What an answer over the limit says is dealt with by waiting; it would only slow down the rest. */
  private observe(headers: Headers, accountId: string): void {
    const { config, now, limits } = this.options;
    limits.observe(usageIn(headers, { accountId, accountIds: config.accountIds }), now());
  }

  /** An error text may quote the token it complains about, or what was sent with it. */
  private clean(refusal: Refusal): Refusal {
    const message = cutTokens(refusal.complaint.message, this.secrets);
    return { ...refusal, complaint: { ...refusal.complaint, message } };
  }

  private addressOf(message: Message): { readonly url: URL; readonly form?: URLSearchParams } {
    const { config } = this.options;
    const at = (path: string): URL => new URL(`${config.apiBaseUrl}/${config.apiVersion}/${path}`);
    const proof = this.proof();
    if (message.kind === 'batch') {
      const batch = JSON.stringify(message.queries.map((query) => this.entryOf(query)));
      return { url: at(''), form: new URLSearchParams({ batch, ...proof }) };
    }
    const { path, params } = message.query;
    const form = new URLSearchParams({ ...params, ...proof });
    const url = at(path);
    if (message.kind === 'post') return { url, form };
    url.search = form.toString();
    return { url };
  }

  private entryOf({ path, params }: MetaQuery): object {
    const search = new URLSearchParams(params).toString();
    const address = `${this.options.config.apiVersion}/${path}`;
    return { method: 'GET', relative_url: search === '' ? address : `${address}?${search}` };
  }

  private proof(): Readonly<Record<string, string>> {
    const { config, token } = this.options;
    return config.appSecret === null
      ? {}
      : { appsecret_proof: secretProof(config.appSecret, token) };
  }
}

/** What was heard, with bytes of its own: those that came are written over by the next answer. */
function kept(heard: Heard, came: Came): Heard {
  const isLent = heard.bytes.buffer === came.bytes.buffer;
  return isLent ? { ...heard, bytes: Buffer.from(heard.bytes) } : heard;
}

/** Most answers are pages of lists: these are judged without making a text of all of it. */
function judge({ status, headers, bytes }: Came): Verdict {
  const answer = status < FIRST_OF_ERRORS ? readList(bytes) : null;
  return answer === null ? classify(status, bytes.toString(), headers) : { kind: 'ok', answer };
}

/** Statuses from here on are errors, whatever the body says. */
const FIRST_OF_ERRORS = 400;

const NOTHING = Buffer.alloc(0);

interface Came {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** An attempt that nothing came of. */
export function failed(reason: string): Heard {
  const complaint: Complaint = {
    status: 0,
    code: null,
    subcode: null,
    message: reason,
    trace: null,
  };
  return { verdict: { kind: 'retry', complaint }, bytes: NOTHING };
}
