import { plainCell } from './cell.ts';
import type { HeaderRow } from './header.ts';
import type { LaidOut } from './layout.ts';
import type { Mapping } from './mapping.ts';
import { refusal } from './refusal.ts';
import { strangerIn } from './stranger.ts';

/** The header row that counts, and how its platform is known. */
export interface ChosenHeader {
  readonly header: HeaderRow;
  readonly by: 'option' | 'headers' | 'a column' | 'the name of the file';
}

/** How much more telling the headers of one platform must be than those of the next. */
const CLEAR_LEAD = 0.6;

/**
 * Decides whose export a file is: by `as`, by headers that only one platform has, by a column that
 * names the channel, by the file's name. Throws `IMPORT_REFUSED` when it is a stranger or not sure.
 */
export function choosePlatform(
  laid: LaidOut,
  told: { readonly as: string | null; readonly fileName: string },
): ChosenHeader {
  const stranger = strangerIn(laid.table);
  if (stranger !== null) {
    throw refusal(
      `This seems to be ${stranger}: not a report of what ads cost and did.`,
      'Leave the file out, or export the figures of campaigns, ad sets or ads by day.',
    );
  }
  const [best, second] = laid.headers;
  if (best === undefined) throw unrecognised(laid);
  if (told.as !== null) return { header: headerOf(laid, told.as), by: 'option' };
  if (best.score - (second?.score ?? 0) >= CLEAR_LEAD) return { header: best, by: 'headers' };
  const rivals = laid.headers.filter(({ score }) => best.score - score < CLEAR_LEAD);
  const channel = channelOf(laid, best);
  const byColumn = rivals.find(({ mapping }) => channel !== null && isCalled(mapping, channel));
  if (byColumn !== undefined) return { header: byColumn, by: 'a column' };
  const byName = rivals.filter(({ mapping }) => isNamedIn(mapping, told.fileName));
  const [only] = byName;
  if (only !== undefined && byName.length === 1)
    return { header: only, by: 'the name of the file' };
  throw unsure(rivals);
}

function headerOf(laid: LaidOut, platform: string): HeaderRow {
  const found = laid.headers.find(({ mapping }) => mapping.platform === platform);
  if (found !== undefined) return found;
  throw refusal(
    `The file has no headers that exports of ${platform} have.`,
    'Give another --as, or name its headers with --mapping FILE.',
  );
}

/** The one value of the column that names the channel; null when there is none or there are several. */
function channelOf(laid: LaidOut, header: HeaderRow): string | null {
  const at = header.columns.findIndex(({ meaning }) => meaning?.field === 'platform_name');
  if (at === -1) return null;
  const values = new Set<string>();
  let row = 0;
  for (const cells of laid.table()) {
    if (++row <= header.row) continue;
    const value = plainCell(cells[at] ?? '').trim();
    if (value !== '') values.add(value.toLowerCase());
    if (values.size > 1) return null;
  }
  return [...values][0] ?? null;
}

function isCalled(mapping: Mapping, name: string): boolean {
  return mapping.aliases.includes(name.toLowerCase());
}

function isNamedIn(mapping: Mapping, fileName: string): boolean {
  const words = ` ${fileName.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return mapping.aliases.some((alias) => words.includes(` ${alias.replaceAll('_', ' ')} `));
}

function unrecognised(laid: LaidOut) {
  const [first] = laid.table();
  const shown = (first ?? [])
    .map(plainCell)
    .slice(0, SHOWN_CELLS)
    .join(', ')
    .slice(0, SHOWN_LETTERS);
  return refusal(
    `No row of the file looks like the headers of a platform's export. It begins with: ${shown || 'nothing'}.`,
    'If it is an export, name its headers in a mapping: --as PLATFORM --mapping FILE.',
  );
}

const SHOWN_CELLS = 8;
const SHOWN_LETTERS = 160;

function unsure(rivals: readonly HeaderRow[]) {
  const labels = rivals.map(({ mapping }) => mapping.label).sort();
  const names = rivals.map(({ mapping }) => mapping.platform).sort();
  return refusal(
    `The headers do not tell whose export it is: ${labels.join(', ')} all fit.`,
    `Say it with --as, one of: ${names.join(', ')}.`,
  );
}
