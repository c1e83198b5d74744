import type { Sent } from './tried.ts';

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Posts JSON to an address once. A redirect is not followed: it would carry the alerts elsewhere. What it
 * found never shows the address, because the path of a webhook is its secret. The HTTP client is loaded for
 * those who post.
 */
export async function post(url: string, body: object): Promise<Sent> {
  try {
    const { request } = await import('undici');
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'adlake' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    const { statusCode } = answer;
    await answer.body.dump();
    if (statusCode >= 200 && statusCode < 300) return { ok: true };
    const mayPass = statusCode === 429 || statusCode >= 500;
    return { ok: false, found: `the answer ${statusCode}`, mayPass };
  } catch (error) {
    const { name, code } = error as { readonly name?: string; readonly code?: string };
    const found = name === 'TimeoutError' ? 'no answer in 10 s' : (code ?? 'a failed connection');
    return { ok: false, found, mayPass: true };
  }
}
