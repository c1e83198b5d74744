import { counted, readableCount } from '../amount.ts';
import { findQuarantined, listQuarantine, type QuarantineRecord } from '../quarantine.ts';
import { formatTable } from '../text-table.ts';
import { onOneLine } from './activity.ts';
import { type CommandContext, type Typed, usage } from './context.ts';

/** `adlake quarantine list`: every refused record of the selection, with its reason. */
export async function quarantineList(context: CommandContext, _typed: Typed): Promise<number> {
  const found = listQuarantine(context.lake, context.selection);
  if (context.isJson) {
    context.print(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  if (found.length === 0) {
    context.tell('Nothing is in quarantine.');
    return 0;
  }
  const rows = found.map((record) => [
    record.id,
    record.dataset,
    record.account_id,
    record.pointer === '' ? '(the whole)' : shortened(record.pointer),
    shortened(record.reason),
  ]);
  context.print(formatTable(['id', 'dataset', 'account', 'where', 'why'], rows));
  context.tell(
    `${counted(found.length, 'record')}. \`adlake quarantine show ID\` shows one in full.`,
  );
  return 0;
}

/** `adlake quarantine show ID`: one refused record: where from, all that is wrong, the record. */
export async function quarantineShow(context: CommandContext, typed: Typed): Promise<number> {
  const record = quarantined(context, typed.args[0] ?? '');
  context.print(context.isJson ? `${JSON.stringify(record, null, 2)}\n` : inFull(record));
  return 0;
}

/** The record with this id, or whose id alone begins so. Throws `USAGE`. */
export function quarantined(context: CommandContext, id: string): QuarantineRecord {
  const record = id === '' ? null : findQuarantined(context.lake, id);
  if (record !== null) return record;
  throw usage(
    `There is no one record ${JSON.stringify(id)} in quarantine.`,
    '`adlake quarantine list` shows every record with its id; the first letters are enough when no other begins so.',
  );
}

function inFull(record: QuarantineRecord): string {
  const place = record.row === 0 ? 'the page as a whole' : `record ${record.row}`;
  const lines = [
    `id       ${record.id}`,
    `dataset  ${record.dataset}, account ${record.account_id}`,
    `from     answer ${record.batch_id}, ${record.page}, ${place}`,
    `refused  by the contract of ${record.zone}:`,
    ...record.violations.map(
      ({ pointer, reason }) => `         ${pointer === '' ? '(the whole)' : pointer}: ${reason}`,
    ),
    '',
    asSent(record.record),
    '',
  ];
  return lines.join('\n');
}

/** A record can be of any size; all of it is in the quarantine file. */
const SHOWN_CHARACTERS = 20_000;

/** As it was sent: reading it as JSON would change long numbers. */
function asSent(text: string): string {
  const line = onOneLine(text);
  if (line.length <= SHOWN_CHARACTERS) return line;
  return `${line.slice(0, SHOWN_CHARACTERS)}… (${readableCount(text.length)} characters)`;
}

const SHOWN_IN_LIST = 60;

function shortened(text: string): string {
  const line = onOneLine(text);
  return line.length <= SHOWN_IN_LIST ? line : `${line.slice(0, SHOWN_IN_LIST - 1)}…`;
}
