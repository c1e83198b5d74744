import { AdlakeError } from '../errors.ts';

/** A file that is not imported, and what would settle it. */
export function refusal(message: string, remedy: string): AdlakeError {
  return new AdlakeError({ code: 'IMPORT_REFUSED', message, remedy });
}
