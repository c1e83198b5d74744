import {
  type Came,
  type Exchange,
  type HttpCall,
  type Lent,
  lend,
  type Pool,
  send,
} from '../../pull/http.ts';

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
  return send(pool, httpOf(call));
}

/** One request whose answer is lent while `read` runs, as `lend` says. The token goes as in `exchange`. */
export function exchangeLent<T>(pool: Pool, call: Call, read: (came: Came) => T): Promise<Lent<T>> {
  return lend(pool, httpOf(call), read);
}

function httpOf({ url, token, timeoutSeconds, form }: Call): HttpCall {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  if (form === undefined) return { url, headers, timeoutSeconds };
  const body = { type: 'application/x-www-form-urlencoded', text: form.toString() };
  return { url, headers, timeoutSeconds, body };
}
