import { AdlakeError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';

/**
 * What is done when the answers for a dataset change their shape.
 * - `keep`: nothing is said; the data is kept as it came.
 * - `warn`: a run says which fields the contract does not know, and goes on.
 * - `stop`: a run ends before it works on any answer, until a person has looked and accepted the change.
 */
export type DriftPolicy = 'keep' | 'warn' | 'stop';

/** The policy of every dataset. */
export interface DriftPolicies {
  readonly of: (dataset: string) => DriftPolicy;
  /** Datasets whose drift stops a run. */
  readonly stopping: readonly string[];
}

/**
 * Reads ADLAKE_DRIFT: a policy for all datasets, `name=policy` for one; what comes later wins. Without
 * a word about it a dataset has `warn`. Throws `CONFIG_INVALID` for a dataset that is none.
 */
export function policiesOf(written: readonly string[], datasets: readonly string[]): DriftPolicies {
  const known = new Map<string, DriftPolicy>();
  for (const part of written) {
    const [name = '', policy] = part.includes('=') ? part.split('=') : [null, part];
    if (name !== null && !datasets.includes(name)) throw unknownDataset(name, datasets);
    for (const each of name === null ? datasets : [name]) known.set(each, policy as DriftPolicy);
  }
  const of = (dataset: string): DriftPolicy => known.get(dataset) ?? 'warn';
  return { of, stopping: datasets.filter((name) => of(name) === 'stop') };
}

function unknownDataset(name: string, datasets: readonly string[]): AdlakeError {
  return new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `ADLAKE_DRIFT names the dataset ${JSON.stringify(name)}, and there is none.${didYouMean(name, datasets)}`,
    remedy: `Write keep, warn or stop, and name=stop for one of: ${datasets.join(', ')}.`,
  });
}
