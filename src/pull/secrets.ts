/** The bytes without any of the secrets; the same bytes when none is in them. */
export function withoutSecrets(bytes: Buffer, secrets: readonly string[]): Buffer {
  const found = secrets.filter((secret) => secret !== '' && bytes.includes(secret));
  if (found.length === 0) return bytes;
  return Buffer.from(found.reduce(cutAll, bytes.toString('latin1')), 'latin1');
}

/** The text without a secret, wherever it stands. */
export function cutAll(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '');
}

/** A secret in every spelling that an answer might repeat it in: in URLs, forms and JSON. */
export function spellingsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const lower = encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [...new Set([secret, encoded, lower, form, json, json.replaceAll('/', '\\/')])];
}
