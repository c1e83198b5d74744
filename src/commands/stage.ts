import { knownAccounts } from '../known-accounts.ts';
import { didYouMean } from '../nearest.ts';
import type { StageName } from '../progress.ts';
import { runStages } from '../run.ts';
import { type Action, type CommandContext, usage } from './context.ts';
import { finish } from './finish.ts';
import { holdingLake } from './holding.ts';
import { planWork } from './plan.ts';

/** A command that runs one stage alone for what is selected; as often as one likes. */
export function stageCommand(stage: StageName): Action {
  return async (context) => {
    checkAccounts(context);
    if (context.isDryRun) return planWork(context, [stage]);
    return holdingLake(context, stage, async () => {
      const { startedAt } = context;
      const stages = await runStages({ ...context, stages: [stage] });
      const pulled = { source: 'none', extract: null } as const;
      return finish(context, { command: stage, startedAt, ...pulled, stages });
    });
  };
}

/** Throws `USAGE` when an account is chosen of which nothing has landed. */
export function checkAccounts(context: CommandContext): void {
  const known = knownAccounts(context.lake);
  const unknown = context.selection.accounts?.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const list = known.length === 0 ? 'Nothing has landed yet.' : `There is: ${known.join(', ')}.`;
  throw usage(
    `Nothing of account ${unknown} is in this lake.${didYouMean(unknown, known)}`,
    `${list} Pull an account with \`adlake run --account ID\`.`,
  );
}
