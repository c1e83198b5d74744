import { counted } from '../amount.ts';
import { PERSONAL_DATASETS } from '../platforms/internal/datasets.ts';
import { isPersonKey, keysOfPerson } from '../platforms/internal/personal.ts';
import { retentionDays } from '../platforms/internal/preferences.ts';
import { type Purge, type Purged, purge } from '../platforms/internal/purge.ts';
import { saltOf } from '../platforms/internal/salt.ts';
import { runStages } from '../run.ts';
import { dayAt, daysBetween } from '../window.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { holdingLake } from './holding.ts';
import { typedUnseen } from './typed-token.ts';

/** `adlake purge`: removes a person, or what is older than it may be, from landing on. */
export async function purgeLake(context: CommandContext, typed: Typed): Promise<number> {
  const rule = await ruleOf(context, typed);
  const today = context.today ?? dayAt(context.now(), 'UTC');
  const input = { ...rule, lake: context.lake, today, isDryRun: context.isDryRun };
  if (context.isDryRun) return tell(context, purge(input));
  return holdingLake(context, 'purge', async () => {
    const purged = purge(input);
    await rebuild(context);
    return tell(context, purged);
  });
}

type Rule = Pick<Purge, 'why' | 'isDoomed'>;

async function ruleOf(context: CommandContext, typed: Typed): Promise<Rule> {
  const { person, expired } = typed.options;
  if (typeof person === 'string' && expired === undefined) {
    return ofPerson(await keysOf(context, person));
  }
  if (expired === true && person === undefined) return ofRetention(context);
  throw usage(
    'purge needs to know what: --person or --expired, and not both.',
    'Give --person KEY, --person - (it is then asked for), or --expired.',
  );
}

function ofPerson(keys: ReadonlySet<string>): Rule {
  return {
    why: 'person',
    isDoomed: (_, record) =>
      [record.customer_key, record.person_key].some(
        (key) => typeof key === 'string' && keys.has(key),
      ),
  };
}

/** Who it is may not stand in the list of processes or the shell's history, so only a key is taken. */
async function keysOf(context: CommandContext, person: string): Promise<ReadonlySet<string>> {
  if (isPersonKey(person)) return new Set([person]);
  if (person !== '-') {
    throw usage(
      `--person takes a key of 64 hex digits as the tables show it, found ${person.length} characters.`,
      'For an e-mail address, a telephone number or a customer id give `--person -`, and type it when asked or pipe it in.',
    );
  }
  const name = (
    await typedUnseen(context, 'E-mail address, telephone number, customer id or key')
  )?.trim();
  if (name === undefined || name === '') {
    throw usage('Nobody was named on standard input.', 'Type or pipe in who is to be removed.');
  }
  const salt = saltOf(context.lake);
  const keys = salt === null ? [] : keysOfPerson(salt, name);
  return new Set(isPersonKey(name) ? [name, ...keys] : keys);
}

const DAY_FIELDS = ['day', 'ordered_at', 'converted_at', 'touched_at'];

function ofRetention(context: CommandContext): Rule {
  const retention = retentionDays(context.lake);
  if (retention.size === 0) {
    throw usage(
      'No dataset of this lake has a retention, so nothing can have expired.',
      'Drop a CSV into zones/landing/internal/preferences, for example with the rows: name,subject,value and retention_days,orders,730.',
    );
  }
  const today = context.today ?? dayAt(context.now(), 'UTC');
  return {
    why: 'expired',
    isDoomed: ({ name }, record) => {
      const days = retention.get(name);
      const day = DAY_FIELDS.map((field) => record[field]).find((text) => typeof text === 'string');
      const isDay = typeof day === 'string' && /^\d{4}-\d{2}-\d{2}/.test(day);
      return days !== undefined && isDay && daysBetween(day.slice(0, 10), today) > days;
    },
  };
}

async function rebuild(context: CommandContext): Promise<void> {
  const datasets = PERSONAL_DATASETS.map(({ name }) => name);
  await runStages({ lake: context.lake, selection: { datasets }, progress: context.progress });
}

function tell(context: CommandContext, purged: readonly Purged[]): number {
  if (context.isJson) {
    context.print(`${JSON.stringify({ purged, is_dry_run: context.isDryRun }, null, 2)}\n`);
    return 0;
  }
  const did = context.isDryRun ? 'Would remove' : 'Removed';
  if (purged.length === 0) context.print('Nothing to remove.\n');
  for (const { dataset, records, batches } of purged) {
    context.print(
      `${did} ${counted(records, 'record')} of ${dataset}, in ${batches === 1 ? '1 batch' : `${batches} batches`}.\n`,
    );
  }
  if (purged.length > 0 && !context.isDryRun) {
    context.tell(
      'The tables are up to date. Copies and backups of this lake, and files that were imported, still hold what was removed.',
    );
  }
  return 0;
}
