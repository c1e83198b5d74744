/**
 * The bytes without any of the secrets; the same bytes when none is in them. No text is made of them:
 * an answer has megabytes, and each text of it would be held beside it.
 */
export function withoutSecrets(bytes: Buffer, secrets: readonly string[]): Buffer {
  return secrets.reduce(cutBytes, bytes);
}

function cutBytes(bytes: Buffer, secret: string): Buffer {
  if (secret === '') return bytes;
  const length = Buffer.byteLength(secret);
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

/** A secret in every spelling that an answer might repeat it in: in URLs, forms and JSON. */
export function spellingsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [...new Set([secret, encoded, lower, form, json, json.replaceAll('/', '\\/')])];
}
