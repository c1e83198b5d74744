import type { JsonRow } from '../../duckdb/duckdb.ts';
import { roasOf, totalsOf } from '../change.ts';
import { html, type Markup } from '../html.ts';
import { figure, money, percent, ratio, UNKNOWN } from '../number.ts';
import { dataTable } from '../table.ts';
import { accountPart, type Parts } from './part.ts';

const MOST_CREATIVES = 20;

const TONES = [
  ['positive', 'Sound positive'],
  ['neutral', 'Sound neutral'],
  ['negative', 'Sound negative'],
] as const;

/** What creatives say and show beside what they do. Nothing where none was read. */
export function content(parts: Parts): Markup | null {
  const { rows } = parts.figures.content;
  const [first] = rows;
  if (first === undefined) return null;
  return accountPart(parts, 'content', [
    html`<p class="about">Creatives that were read with <code>npx adlake enrich</code>, as English, over ${String(first.since)} to ${String(first.until)}. They differ in much else than words and pictures: take a difference for an idea, and try it on two ads that differ in nothing else (<code>npx adlake compare</code>).</p>`,
    tones(rows, parts.currency),
    dataTable({
      caption: 'Creatives by spend: what they say and show',
      heads: ['Creative', 'Spend', 'CTR', 'ROAS', 'Sounds', 'Picture', 'About'],
      rows: rows.slice(0, MOST_CREATIVES).map((row) => rowOf(row, parts.currency)),
      isFolded: true,
      isWordy: true,
    }),
  ]);
}

/** Texts by how their words sound; nothing unless two kinds can be held against each other. */
function tones(rows: readonly JsonRow[], currency: string): Markup | null {
  const groups = TONES.map(([tone, title]) => ({
    title,
    own: rows.filter((row) => row.tone === tone),
  })).filter(({ own }) => own.length > 0);
  if (groups.length < 2) return null;
  return dataTable({
    caption: 'Creatives by how their words sound',
    heads: ['Words', 'Creatives', 'Spend', 'CTR', 'ROAS'],
    rows: groups.map(({ title, own }) => {
      const { spend, clicks, impressions, ...rest } = totalsOf(own, '');
      const isRate = clicks !== null && impressions !== null && impressions > 0;
      return [
        title,
        String(own.length),
        money(spend, currency),
        percent(isRate ? clicks / impressions : null),
        ratio(roasOf({ ...rest, spend, clicks, impressions })),
      ];
    }),
  });
}

const MOST_LETTERS = 140;

function rowOf(row: JsonRow, currency: string) {
  return [
    html`<bdi>${String(row.creative_name ?? row.creative_id)}</bdi><br><small><bdi>${shortened(row.text)}</bdi></small>`,
    money(row.spend, currency),
    percent(figure(row.ctr)),
    ratio(figure(row.roas)),
    row.tone === null || row.tone === undefined ? UNKNOWN : String(row.tone),
    pictureText(row),
    html`<bdi>${listOf(row.topics).join(', ') || UNKNOWN}</bdi>`,
  ];
}

function shortened(text: unknown): string {
  if (typeof text !== 'string') return UNKNOWN;
  const letters = [...text];
  return letters.length <= MOST_LETTERS ? text : `${letters.slice(0, MOST_LETTERS).join('')}…`;
}

/** Lists stand in a cell as JSON. */
function listOf(value: unknown): readonly string[] {
  if (typeof value !== 'string' || !value.startsWith('[')) return [];
  const list: unknown = JSON.parse(value);
  return Array.isArray(list) ? list.map(String) : [];
}

function pictureText(row: JsonRow): string {
  const shape = row.image_shape ?? null;
  if (shape === null) return UNKNOWN;
  const brightness = figure(row.image_brightness_share);
  const light =
    brightness === null
      ? ''
      : `, ${brightness < 1 / 3 ? 'dark' : brightness < 2 / 3 ? 'medium' : 'bright'}`;
  return `${String(shape)}${light}, ${String(row.image_width)} × ${String(row.image_height)}`;
}
