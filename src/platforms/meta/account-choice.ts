import type { MetaConfig } from '../../config.ts';
import { AdlakeError } from '../../errors.ts';
import type { Selection } from '../../stage.ts';

/**
 * The accounts to pull, digits without `act_`: those of the configuration, narrowed by the selection.
 * Throws `USAGE` when the selection names one that is not configured.
 */
export function accountIdsOf(input: {
  readonly config: MetaConfig;
  readonly selection: Selection;
}): readonly string[] {
  const configured = input.config.accountIds;
  const chosen = input.selection.accounts?.map((id) => id.replace(/^act_/, ''));
  const unknown = chosen?.find((id) => !configured.includes(id));
  if (unknown === undefined) return chosen ?? configured;
  throw new AdlakeError({
    code: 'USAGE',
    message: `Account ${unknown} is not among the configured accounts: ${configured.join(', ')}.`,
    remedy: 'Give --account one of these, or add the account to META_AD_ACCOUNT_ID.',
  });
}
