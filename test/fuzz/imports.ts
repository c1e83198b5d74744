import { type Draw, pick } from '../helpers/hostile-page.ts';
import { recordsOf, understood } from '../helpers/imports.ts';
import { workbookOf } from '../helpers/xlsx.ts';
import { mutatedBytes, mutatedJson } from './mutation.ts';
import { type Target, unexpected } from './target.ts';

/** An export of a platform, damaged: it is understood, or refused with a reason, and no row gets lost. */
export const EXPORTS: Target = { name: 'export', batch: 20, feed: feedExport };

const HEAD = ['Campaign name', 'Campaign ID', 'Day', 'Amount spent (EUR)', 'Impressions'];
const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03'];
const ROWS = DAYS.map((day, at) => [`Autumn ${at}`, '12021000000000001', day, `${at}.50`, '10']);

const CSV = [HEAD, ...ROWS].map((row) => row.join(',')).join('\n');
const QUOTED = [HEAD, ...ROWS].map((row) => row.map((cell) => `"${cell}"`).join(';')).join('\r\n');
const GERMAN = [
  'Kampagnenname;Tag;Ausgegebener Betrag (EUR);Impressionen',
  'Herbst;01.03.2026;1.234,50;1.000',
  'Herbst;02.03.2026;0,50;10',
].join('\n');
const RECORDS = ROWS.map((row) => Object.fromEntries(HEAD.map((name, at) => [name, row[at]])));
const XLSX = workbookOf([HEAD, ...ROWS]);

function feedExport(draw: Draw): string | null {
  const [name, bytes] = exported(draw);
  try {
    const file = understood(bytes, { account: '1' }, name);
    const read = recordsOf(file).length;
    return read === file.rows ? null : `${file.rows} rows were told, ${read} were read`;
  } catch (error) {
    return unexpected(error);
  }
}

function exported(draw: Draw): readonly [name: string, bytes: Buffer] {
  const kind = draw(5);
  if (kind === 0) return ['export.xlsx', mutatedBytes(draw, XLSX)];
  if (kind === 1) {
    const changed = mutatedJson(draw, RECORDS);
    return ['export.json', Buffer.from(JSON.stringify(changed) ?? '')];
  }
  return ['export.csv', mutatedBytes(draw, Buffer.from(pick(draw, [CSV, QUOTED, GERMAN])))];
}
