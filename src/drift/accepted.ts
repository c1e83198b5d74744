import { join } from 'node:path';
import { AdlakeError } from '../errors.ts';
import { readIfThere, writeAtomically } from '../file.ts';
import { dropDir, type Lake } from '../zone.ts';
import { type DriftFinding, driftId } from './finding.ts';

/**
 * Changes that a person has accepted, by `driftId`. They are somebody's decision and cannot be made
 * again, so they lie in landing, where a backup has them too. Throws `FILE_UNREADABLE`.
 */
export function acceptedDrift(lake: Lake): ReadonlySet<string> {
  const path = fileOf(lake);
  const text = readIfThere(path)?.toString('utf8');
  if (text === undefined) return new Set();
  try {
    const { accepted } = JSON.parse(text) as { readonly accepted: readonly string[] };
    return new Set(accepted.map((id) => JSON.stringify(JSON.parse(id))));
  } catch (cause) {
    throw new AdlakeError({
      code: 'FILE_UNREADABLE',
      message: `${path} must be a list of accepted changes as \`adlake drift --accept\` writes it, and is not.`,
      remedy: 'Restore it from a backup, or remove it and accept the changes again.',
      cause,
    });
  }
}

/** Adds changes to those that are accepted. Only for who holds the lake. */
export function acceptDrift(lake: Lake, findings: readonly DriftFinding[]): void {
  const accepted = [...new Set([...acceptedDrift(lake), ...findings.map(driftId)])].sort();
  writeAtomically(fileOf(lake), Buffer.from(`${JSON.stringify({ accepted }, null, 2)}\n`));
}

function fileOf(lake: Lake): string {
  return join(dropDir(lake, 'drift'), 'accepted.json');
}
