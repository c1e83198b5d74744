const IN_URL = /access_token=[^&"'\\\s]*(?:&|\\u0026)?/g;
const IN_BODY = /("access_token"\s*:\s*")[^"]*(")/g;

/**
 * The text without any access token: `access_token=…` is cut out of URLs (Meta's `paging.next`
 * carries it) and emptied in JSON members. All else stays to the letter. `secrets` are cut out
 * wherever they stand.
 */
export function cutTokens(text: string, secrets: readonly string[] = []): string {
  const cut = text.replace(IN_URL, '').replace(IN_BODY, '$1$2');
  return secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, ''), cut);
}
