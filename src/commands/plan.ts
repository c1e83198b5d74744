import { counted, readableCount } from '../amount.ts';
import { waitingText } from '../platforms/meta/waiting.ts';
import type { StageName } from '../progress.ts';
import { planStages } from '../run.ts';
import type { Selection, Task } from '../stage.ts';
import type { AccountPlan, ExtractPlan } from '../stages/api-to-landing.ts';
import { formatTable } from '../text-table.ts';
import type { CommandContext, Typed } from './context.ts';

/** `adlake plan`: what a run would ask and do; asks nobody and writes nothing. */
export async function plan(context: CommandContext, typed: Typed): Promise<number> {
  const asked = typed.options.offline === true ? null : await questions(context);
  const tasks = await planStages(context);
  if (context.isJson) printJson(context, { extract: asked, tasks });
  else {
    if (asked !== null) context.print(questionsText(asked));
    context.print(tasksText(tasks));
    if (asked !== null && asked.questions > 0) {
      context.print('What the answers bring is worked on after them, and is not in this list.\n');
    }
  }
  return 0;
}

/** The plan of the pull alone. */
export async function planPull(context: CommandContext): Promise<number> {
  const asked = await questions(context);
  if (context.isJson) printJson(context, { extract: asked });
  else context.print(questionsText(asked));
  return 0;
}

/** The plan of some stages alone. */
export async function planWork(
  context: CommandContext,
  stages: readonly StageName[],
): Promise<number> {
  const tasks = await planStages({ ...context, stages });
  if (context.isJson) printJson(context, { tasks });
  else context.print(tasksText(tasks));
  return 0;
}

async function questions(context: CommandContext): Promise<ExtractPlan> {
  const { metaSelection } = await import('./pull.ts');
  const { planReports } = await import('../pull/plan-reports.ts');
  const { lake, now, today, selection, config } = context;
  const meta = metaSelection(context);
  const ofMeta = meta === null ? [] : await metaPlan(context, meta);
  const ofOthers = planReports(config.sources, { lake, now, today, selection });
  const accounts = [...ofMeta, ...ofOthers];
  return { accounts, questions: accounts.reduce((sum, one) => sum + one.questions.length, 0) };
}

async function metaPlan(
  context: CommandContext,
  selection: Selection,
): Promise<readonly AccountPlan[]> {
  const { sourceSettings } = await import('./source.ts');
  const { planExtract } = await import('../stages/api-to-landing.ts');
  const { config, firstPullDays } = await sourceSettings({ ...context, selection });
  const { lake, now, today } = context;
  return planExtract({ lake, now, today, selection, config, firstPullDays }).accounts;
}

function questionsText(asked: ExtractPlan): string {
  const head =
    asked.questions === 0
      ? 'To be asked: nothing, every answer of today is already there.'
      : `To be asked: ${counted(asked.questions, 'question')}.`;
  return `${[head, ...asked.accounts.flatMap(accountText)].join('\n')}\n`;
}

function accountText(account: AccountPlan): readonly string[] {
  const name = account.name === null ? '' : ` ${account.name}`;
  const left = account.campaignsLeftOut.length;
  const waiting = waitingText(account.waiting);
  return [
    `  ${account.account_id}${name}, its day is ${account.today}: ${counted(account.questions.length, 'question')}`,
    ...account.notes.map((note) => `    ${note}`),
    ...(left === 0
      ? []
      : [`    Left out of daily requests because they sleep: ${counted(left, 'campaign')}.`]),
    ...(waiting === null ? [] : [`    ${waiting}`]),
    ...account.questions.map(({ label }) => `    ${label}`),
  ];
}

const REASONS: Readonly<Record<Task['state'], string>> = {
  fresh: 'nothing to do',
  stale: 'its input, contract or code changed',
  missing: 'there is no result yet',
};

function tasksText(tasks: readonly Task[]): string {
  const due = tasks.filter((task) => task.state !== 'fresh');
  const head = `To be done: ${counted(due.length, 'task')}, ${readableCount(tasks.length - due.length)} are up to date.\n`;
  if (due.length === 0) return head;
  const rows = due.map((task) => [`  ${task.id}`, task.state, REASONS[task.state]]);
  return head + formatTable(['  task', 'state', 'why'], rows);
}

function printJson(context: CommandContext, body: object): void {
  context.print(`${JSON.stringify(body, null, 2)}\n`);
}
