import { type Exchange, type Pool, send } from '../../pull/http.ts';

/** One request to the Marketing API. */
export interface Call {
  readonly url: URL;
  /** For the `Authorization` header; null: the request carries none. */
  readonly token: string | null;
  readonly timeoutSeconds: number;
  /** Parameters that may be in no URL: with them the request is a POST, and they are its body. */
  readonly form?: URLSearchParams;
}

/** One request, as `send` says. The token goes in the `Authorization` header, never in the URL. */
export function exchange(pool: Pool, call: Call): Promise<Exchange> {
  const { url, token, timeoutSeconds, form } = call;
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  if (form === undefined) return send(pool, { url, headers, timeoutSeconds });
  const body = { type: 'application/x-www-form-urlencoded', text: form.toString() };
  return send(pool, { url, headers, timeoutSeconds, body });
}
