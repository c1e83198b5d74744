import { request } from 'undici';
import { AdlakeError } from '../../errors.ts';

/** All rates since 1999 come as 0.6 MB; much more is no answer of the bank. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 30_000;
const ATTEMPTS = 3;
const FIRST_WAIT_MILLISECONDS = 500;

/** What a file of rates is asked with. The world comes in here. */
export interface EcbClient {
  /** Base URL without trailing slash. */
  readonly baseUrl: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Gets one file of reference rates, byte for byte. What may pass (no connection, 429, 5xx) is tried
 * three times. Throws `SOURCE_UNAVAILABLE`, or `SOURCE_REFUSED` for an answer that another try does not
 * change.
 */
export async function getRates(client: EcbClient, file: string): Promise<Buffer> {
  const url = `${client.baseUrl}/${file}`;
  let found = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await client.sleep(FIRST_WAIT_MILLISECONDS * 2 ** attempt);
    const answer = await ask(url);
    if (answer.kind === 'bytes') return answer.bytes;
    found = answer.found;
    if (!answer.mayPass) break;
    if (attempt === ATTEMPTS - 1) throw refusal('SOURCE_UNAVAILABLE', url, found);
  }
  throw refusal('SOURCE_REFUSED', url, found);
}

type Answer =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'none'; readonly found: string; readonly mayPass: boolean };

async function ask(url: string): Promise<Answer> {
  try {
    const response = await request(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    const { statusCode, body } = response;
    if (statusCode === 200) return await wholeOf(body);
    await body.dump();
    const mayPass = statusCode === 429 || statusCode >= 500;
    return { kind: 'none', found: `the answer ${statusCode}`, mayPass };
  } catch (error) {
    const { name, code, message } = error as { name?: string; code?: string; message?: string };
    const found = name === 'TimeoutError' ? 'no answer in 30 s' : (code ?? message ?? 'a failure');
    return { kind: 'none', found, mayPass: true };
  }
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Answer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size > MAX_ANSWER_BYTES) return { kind: 'none', found: 'more than 32 MB', mayPass: false };
  }
  return { kind: 'bytes', bytes: Buffer.concat(parts, size) };
}

function refusal(
  code: 'SOURCE_UNAVAILABLE' | 'SOURCE_REFUSED',
  url: string,
  found: string,
): AdlakeError {
  return new AdlakeError({
    code,
    message: `The reference rates were asked for at ${url}, and ${found} came.`,
    remedy:
      'Try again later, or correct ADLAKE_FX_BASE_URL. Rates can also be dropped as CSV files into zones/landing/internal/fx_rates/. Nothing was changed.',
  });
}
