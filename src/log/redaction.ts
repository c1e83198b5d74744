import { cutTokens } from '../token.ts';

/**
 * Takes secrets out of a line of the log, however it came by them: tokens in addresses and members, and
 * each secret as it is, as JSON writes it and as an address does.
 */
export function redactor(secrets: readonly (string | null)[]): (line: string) => string {
  const spellings = secrets
    .filter((secret): secret is string => secret !== null && secret.length >= LEAST_CHARACTERS)
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), secret]);
  const unique = [...new Set(spellings)].sort((left, right) => right.length - left.length);
  return (line) =>
    unique.reduce((text, secret) => text.replaceAll(secret, '[secret]'), cutTokens(line));
}

/** What is shorter stands in too many words that are no secret. */
const LEAST_CHARACTERS = 6;
