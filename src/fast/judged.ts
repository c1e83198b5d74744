import type { Judged, JudgeInput } from '../fold/judge.ts';
import { type JudgedPage, judgePage } from '../fold/judge-page.ts';
import { lineageOf } from '../fold/lineage.ts';
import type { Batch } from '../landing/batch.ts';
import { campaignOf } from './campaign.ts';
import { dayText, monthOf } from './day.ts';
import { PageReader } from './page.ts';
import { Room } from './room.ts';
import { ROW, ROW_CELLS, ScannedAnswer } from './scanned.ts';

/** A page as it came. */
interface Page {
  readonly file: string;
  readonly bytes: Buffer;
}

/** As `judgePage`, by the bytes of the page where that can be done. */
export function judgePageFast(input: JudgeInput, batch: Batch, page: Page): JudgedPage {
  const scanned = new ScannedAnswer(batch);
  const reader = PageReader.for(input, scanned);
  if (reader === null) return judgePage(input, batch, page);
  const { bytes, file } = page;
  reader.read({ room: Room.of(bytes), size: bytes.length, page: 0, file });
  const judged: Judged[] = [];
  let next = 0;
  for (const { before, found } of [...scanned.beside, { before: scanned.count, found: null }]) {
    for (; next < before; next++) judged.push(rowAt(input, { scanned, row: next, page }));
    if (found?.kind === 'unreadable') return { ok: false, reason: found.reason };
    if (found?.kind === 'drift') judged.push(withDrift(judged.pop(), found.unknownFields));
    else if (found !== null) judged.push(found);
  }
  return { ok: true, judged };
}

function rowAt(
  { dataset }: JudgeInput,
  at: { readonly scanned: ScannedAnswer; readonly row: number; readonly page: Page },
): Judged {
  const { scanned, row, page } = at;
  const { batch, cells, keys } = scanned;
  const cell = (name: keyof typeof ROW): number => cells[row * ROW_CELLS + ROW[name]] ?? 0;
  const key = [batch.account_id, ...keys.parts(cell('key'), dataset.key.length - 1)];
  return {
    kind: 'accepted',
    key: JSON.stringify(key),
    month: monthOf(cell('day')),
    unknownFields: [],
    row: {
      key,
      line: page.bytes.toString('utf8', cell('from'), cell('to')),
      day: dayText(cell('day')),
      campaign: campaignOf(cell('campaign')),
      lineage: lineageOf(batch, page.file, cell('row')),
    },
  };
}

function withDrift(judged: Judged | undefined, unknownFields: readonly string[]): Judged {
  if (judged === undefined) throw new Error('a note of no row');
  return { ...judged, unknownFields };
}
