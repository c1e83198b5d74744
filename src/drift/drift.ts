import { contractAt } from '../contract.ts';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import type { Lake } from '../zone.ts';
import { acceptedDrift } from './accepted.ts';
import { type DriftFinding, driftId, findDrift } from './finding.ts';
import type { DriftPolicies, DriftPolicy } from './policy.ts';
import { surveyDataset } from './survey.ts';

/** A change with what is to be done about it. */
export interface Drift extends DriftFinding {
  readonly policy: DriftPolicy;
  /** True when a person has looked at it and accepted it. */
  readonly is_accepted: boolean;
}

/**
 * Every change in what the sources have sent for these datasets, from all answers in landing. Reads
 * the answers that are new since it was asked last, and keeps what it saw of them in `cache/drift`.
 * Datasets that keep versions of another one have no answers of their own.
 */
export function driftOf(
  lake: Lake,
  datasets: readonly Dataset[],
  policies: DriftPolicies,
): readonly Drift[] {
  const accepted = acceptedDrift(lake);
  return datasets
    .filter(({ versionsOf }) => versionsOf === undefined)
    .flatMap((dataset) => {
      const contract = contractAt(`raw/${dataset.name}.schema.json`);
      return findDrift(dataset.name, surveyDataset(lake, dataset), contract);
    })
    .map((finding) => ({
      ...finding,
      policy: policies.of(finding.dataset),
      is_accepted: accepted.has(driftId(finding)),
    }));
}

/** Throws `DRIFT` when a dataset whose policy is `stop` has changed and nobody has accepted it yet. */
export function stopOnDrift(
  lake: Lake,
  datasets: readonly Dataset[],
  policies: DriftPolicies,
): void {
  if (policies.stopping.length === 0) return;
  const chosen = datasets.filter(({ name }) => policies.stopping.includes(name));
  const open = driftOf(lake, chosen, policies).filter(({ is_accepted }) => !is_accepted);
  const [first] = open;
  if (first === undefined) return;
  const more = open.length === 1 ? '' : `, and ${open.length - 1} more`;
  throw new AdlakeError({
    code: 'DRIFT',
    message: `What came for ${first.dataset} has changed: ${driftText(first)}${more}. Its policy is stop (ADLAKE_DRIFT), so nothing after landing was touched.`,
    remedy:
      'Look at it with `adlake drift`. `adlake drift --accept` takes the change as it is, and the next run goes on; nothing has to be pulled again.',
  });
}

/** A change as part of a sentence. */
export function driftText(finding: DriftFinding): string {
  const { kind, name, was, found, first_day } = finding;
  const quoted = JSON.stringify(name);
  if (kind === 'new_field') return `the field ${quoted} is new since ${first_day} (${found})`;
  if (kind === 'removed_field') return `the field ${quoted}, ${was}, is gone since ${first_day}`;
  if (kind === 'changed_type') {
    return `the field ${quoted} is ${found} since ${first_day} (wanted: ${was})`;
  }
  return `the action type ${quoted} seems to be called ${JSON.stringify(found)} since ${first_day}`;
}
