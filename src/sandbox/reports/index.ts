import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Temporal } from 'temporal-polyfill';
import { dayAt } from '../../window.ts';
import { AmazonReports, amazonExpired, amazonLimited } from './amazon.ts';
import { json, type ReportCall, type ReportReply, readCall } from './call.ts';
import { type ReportFault, ReportFaults } from './fault.ts';
import { googleExpired, googleLimited, googleReply } from './google.ts';
import type { ReportSecrets, ReportSource } from './source.ts';
import { tiktokExpired, tiktokLimited, tiktokReply, tiktokTrouble } from './tiktok.ts';
import { type ReportPlatform, type ReportWorld, reportWorld } from './world.ts';

export { REPORT_FAULTS, type ReportFault } from './fault.ts';
export {
  moneyText,
  REPORT_PLATFORMS,
  type ReportDay,
  type ReportPlatform,
  type ReportWorld,
  reportDays,
} from './world.ts';

/** What a sandbox of reports is started with. */
export interface ReportSandboxOptions {
  readonly platform: ReportPlatform;
  /** 0 or absent: a free loopback port. */
  readonly port?: number;
  /** The current day in every account; absent: each account's own day by the clock. */
  readonly today?: string | (() => string);
  /** Chooses the world; 1 when absent. */
  readonly seed?: number;
  readonly faults?: readonly ReportFault[];
  /** Share of requests that fault, 0 to 1; 0.2 when absent. */
  readonly faultRate?: number;
  /** Rows of a page at most; 1,000 when absent. */
  readonly pageRows?: number;
  /** How many polls of a report go by until it is complete; 2 when absent. */
  readonly reportPolls?: number;
  /** How many requests an access token is good for; no limit when absent. */
  readonly tokenRequests?: number;
}

/** A running sandbox of reports. */
export interface ReportSandbox {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly world: ReportWorld;
  readonly secrets: ReportSecrets;
  /** Requests answered so far, those for tokens included. */
  readonly requests: () => number;
  /** Reports ordered so far (Amazon). */
  readonly reports: () => number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** A client that pauses between two requests must not find its connection closed under it. */
const KEPT_OPEN_MS = 600_000;
const DEFAULT_RATE = 0.2;

/**
 * Starts a local stand-in for the reporting API of a platform beside Meta, with synthetic data, on the
 * loopback interface only. Throws what `node:http` throws when the port is taken.
 */
export async function startReportSandbox(options: ReportSandboxOptions): Promise<ReportSandbox> {
  const desk = new Desk(options);
  const server = createServer((request, response) => {
    readCall(request).then(
      (call) => desk.answer(call, response),
      () => response.socket?.destroy(),
    );
  });
  server.keepAliveTimeout = KEPT_OPEN_MS;
  await listening(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    world: desk.source.world,
    secrets: desk.source.secrets,
    requests: () => desk.requests,
    reports: () => desk.amazon.ordered,
    close: () => closed(server),
  };
}

/** Answers requests one by one. Lives as long as the server. */
class Desk {
  readonly source: ReportSource;
  readonly amazon = new AmazonReports();
  requests = 0;
  private readonly options: ReportSandboxOptions;
  private readonly faults: ReportFaults;
  /** How many requests each token that was issued is still good for. */
  private readonly issued = new Map<string, number>();

  constructor(options: ReportSandboxOptions) {
    const { platform, seed = 1, faults = [], faultRate = DEFAULT_RATE } = options;
    this.options = options;
    this.faults = new ReportFaults({ faults, rate: faultRate, seed });
    this.source = sourceOf(platform, seed, options);
  }

  answer(call: ReportCall, response: ServerResponse): void {
    this.requests++;
    const isOwn = /^\/(token|sandbox\/)/.test(call.url.pathname);
    const fault = isOwn ? null : this.faults.next(`${call.method} ${call.url.pathname}`);
    if (fault === 'reset') response.socket?.destroy();
    else send(response, this.reply(call, fault), fault === 'cut-body');
  }

  private reply(call: ReportCall, fault: ReportFault | null): ReportReply {
    const { platform } = this.options;
    const path = call.url.pathname;
    if (path === '/sandbox/about') return json(200, { synthetic: true, platform });
    if (path === '/token') return this.token(call);
    if (fault === 'transient') return TROUBLE[platform]();
    if (fault === 'rate-limit') return LIMITED[platform]();
    const isSigned = path.startsWith('/download/');
    if (platform !== 'tiktok' && !isSigned) {
      const isOver = fault === 'token-expired';
      if (!this.opens(call, isOver)) return EXPIRED[platform]();
    }
    if (fault === 'report-failed') this.amazon.fail(call);
    if (platform === 'google') return googleReply(call, this.source);
    if (platform === 'tiktok') return tiktokReply(call, this.source);
    return this.amazon.reply(call, this.source);
  }

  private token(call: ReportCall): ReportReply {
    const form = new URLSearchParams(call.body);
    const { clientId, clientSecret, refreshToken } = this.source.secrets;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return json(401, { error: 'invalid_client', error_description: 'Unknown client.' });
    }
    if (form.get('refresh_token') !== refreshToken) {
      return json(400, { error: 'invalid_grant', error_description: 'Bad refresh token.' });
    }
    const token = `synthetic-access-${this.source.secrets.accessToken}-${this.issued.size + 1}`;
    this.issued.set(token, this.options.tokenRequests ?? Number.POSITIVE_INFINITY);
    return json(200, { access_token: token, expires_in: 3_600, token_type: 'bearer' });
  }

  /** Whether the token of a call opens the door; from `isOver` on it never does again. */
  private opens({ headers }: ReportCall, isOver: boolean): boolean {
    const token = (headers.authorization ?? '').replace(/^Bearer /, '');
    const left = isOver ? 0 : (this.issued.get(token) ?? 0);
    if (this.issued.has(token)) this.issued.set(token, Math.max(0, left - 1));
    return left > 0;
  }
}

const TROUBLE: Readonly<Record<ReportPlatform, () => ReportReply>> = {
  google: () => json(503, { error: { code: 503, message: 'Unavailable.', status: 'UNAVAILABLE' } }),
  tiktok: tiktokTrouble,
  amazon: () => json(500, { code: '500', details: 'Internal error.' }),
};
const LIMITED: Readonly<Record<ReportPlatform, () => ReportReply>> = {
  google: googleLimited,
  tiktok: tiktokLimited,
  amazon: amazonLimited,
};
const EXPIRED: Readonly<Record<ReportPlatform, () => ReportReply>> = {
  google: googleExpired,
  tiktok: tiktokExpired,
  amazon: amazonExpired,
};

const DEFAULT_PAGE_ROWS = 1_000;
const DEFAULT_POLLS = 2;

function sourceOf(
  platform: ReportPlatform,
  seed: number,
  options: ReportSandboxOptions,
): ReportSource {
  const { today } = options;
  return {
    world: reportWorld(platform, seed),
    secrets: {
      developerToken: `synthetic-developer-${platform}`,
      clientId: `synthetic-client-${platform}`,
      clientSecret: `synthetic-secret-${platform}`,
      refreshToken: `synthetic-refresh-${platform}`,
      accessToken: `synthetic-token-${platform}`,
    },
    todayIn: ({ timezone }) =>
      (typeof today === 'function' ? today() : today) ??
      dayAt(Temporal.Now.instant().toString(), timezone),
    pageRows: options.pageRows ?? DEFAULT_PAGE_ROWS,
    reportPolls: options.reportPolls ?? DEFAULT_POLLS,
  };
}

/** A body that is cut is promised whole. */
function send(response: ServerResponse, reply: ReportReply, isCut: boolean): void {
  const length = { 'content-length': String(reply.body.length) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (!isCut) response.end(reply.body);
  else {
    const half = reply.body.subarray(0, Math.floor(reply.body.length / 2));
    response.write(half, () => response.socket?.destroy());
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
