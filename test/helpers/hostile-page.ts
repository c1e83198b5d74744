import type { Dataset } from '../../src/dataset.ts';
import type { Batch, CampaignScope } from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';

/** The insights datasets: those that the fast path reads. */
export const INSIGHTS: readonly Dataset[] = META_DATASETS.filter(({ name }) =>
  name.startsWith('insights_'),
);

/** A page as a platform might send it, or as nobody should, and the answer it is of. */
export interface HostilePage {
  readonly dataset: Dataset;
  readonly batch: Batch;
  readonly file: string;
  readonly bytes: Buffer;
}

/** Numbers from 0 up to, and without, `below`: the same ones for the same seed. */
export type Draw = (below: number) => number;

/** Numbers that only depend on the seed (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A page of one to six records: good ones, wrong ones, and pages that are damaged as a whole. */
export function hostilePage(seed: number): HostilePage {
  const draw = drawFrom(seed);
  const dataset = pick(draw, INSIGHTS);
  const shared = draw(4) === 0 ? null : drawFrom(draw(3));
  const records = Array.from({ length: 1 + draw(6) }, () =>
    record(draw, { dataset, order: shared }),
  );
  const text = `{"data":[${records.join(',')}]${draw(10) === 0 ? pick(draw, TAILS) : '}'}`;
  const bytes = draw(12) === 0 ? damaged(draw, Buffer.from(text)) : Buffer.from(text);
  return { dataset, batch: batchFor(draw, dataset), file: 'page-00001.json', bytes };
}

const TAILS = [
  '}',
  '}',
  '}',
  '}\n',
  ',"paging":{"cursors":{"before":"a","after":"b"},"next":"https:\\/\\/graph.facebook.com\\/x"}}',
  ',"paging":{"cursors":{"before":"a","after":"b"}}}',
  ',"data":[]}',
  ',"d\\u0061ta":[{"date_start":"2026-10-01"}]}',
  ',"start_time":"x"}',
  ',"error":{"message":"x"}}',
  ',}',
  '',
  '} {}',
] as const;

/** One of the list. */
export function pick<T>(draw: Draw, among: readonly T[]): T {
  return among[draw(among.length)] as T;
}

function batchFor(draw: Draw, dataset: Dataset): Batch {
  const campaigns: readonly CampaignScope[] = [
    { kind: 'all' },
    { kind: 'all' },
    { kind: 'in', ids: ['77', '78'] },
    { kind: 'not_in', ids: ['78'] },
  ];
  const isDated = draw(8) > 0;
  return {
    batch_id: `batch-${draw(1000)}`,
    dataset: dataset.name,
    account_id: '1',
    object_id: null,
    source: pick(draw, ['api', 'captured'] as const),
    scope: {
      since: isDated ? pick(draw, ['2026-10-01', '2026-09-15']) : null,
      until: isDated ? pick(draw, ['2026-10-31', '2026-11-20']) : null,
      campaigns: pick(draw, campaigns),
      complete: draw(2) === 0,
    },
    today: '2026-11-21',
    landed_at: '2026-11-21T06:00:00.000Z',
    api_version: 'v26.0',
    request: {},
    timezone: pick(draw, ['Europe/Berlin', null]),
    currency: pick(draw, ['EUR', null]),
    pages: [],
  };
}

/** The JSON text of one record, often with something wrong. */
function record(
  draw: Draw,
  of: { readonly dataset: Dataset; readonly order: Draw | null },
): string {
  const { dataset, order } = of;
  const members = fields(draw, dataset);
  if (order !== null && order(2) === 0) members.reverse();
  const spoils = draw(4) === 0 ? 1 + draw(3) : 0;
  for (let count = 0; count < spoils; count++) pick(draw, SPOILS)(draw, members);
  const text = `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`;
  if (draw(60) === 0) return damaged(draw, Buffer.from(text)).toString('latin1');
  if (draw(60) === 0) return pick(draw, ['null', '5', '[]', '{}', '"x"', ' ', '', '{"id":"1"}']);
  return draw(60) === 0 ? nested(text) : text;
}

function nested(text: string): string {
  return `{"id":"9","insights":{"data":[${text},${text}]}}`;
}

type Members = [string, string][];

function fields(draw: Draw, dataset: Dataset): Members {
  const day = JSON.stringify(draw(24) === 0 ? pick(draw, ODD_DAYS) : `2026-10-0${1 + draw(3)}`);
  const members: Members = [
    ['"account_id"', draw(20) === 0 ? pick(draw, ['"2"', '"act_1"']) : '"1"'],
    ['"campaign_id"', pick(draw, ['"77"', '"78"', '"77"'])],
    ['"campaign_name"', name(draw)],
    ['"ad_id"', `"${draw(4) + 1}"`],
    ['"country"', pick(draw, ['"DE"', '"unknown"', '"\\u0044E"', '"Ä"'])],
    ['"age"', pick(draw, ['"18-24"', '"a\\"b"'])],
    ['"spend"', amount(draw)],
    ['"impressions"', count(draw)],
    ['"reach"', count(draw)],
    ['"frequency"', amount(draw)],
    ['"clicks"', count(draw)],
    ['"cpc"', amount(draw)],
    ['"cpm"', amount(draw)],
    ['"ctr"', amount(draw)],
    ['"actions"', list(draw, count)],
    ['"action_values"', list(draw, amount)],
    ['"outbound_clicks"', `[{"action_type":"outbound_click","value":${count(draw)}}]`],
    ['"conversions"', list(draw, count)],
    ['"video_p25_watched_actions"', `[{"action_type":"video_view","value":${count(draw)}}]`],
    ['"results"', pick(draw, draw(50) === 0 ? BROKEN : RESULTS)],
    ['"account_currency"', draw(30) === 0 ? pick(draw, ['"eur"', '"EURO"']) : '"EUR"'],
    ['"date_start"', day],
    ['"date_stop"', draw(60) === 0 ? '"2026-10-09"' : day],
  ];
  const isKept = (key: string) =>
    draw(6) > 0 && (!BREAKDOWNS.has(key) || dataset.stagingKey.includes(JSON.parse(key)));
  return members.filter(([key]) => key.startsWith('"date_') || key.endsWith('_id"') || isKept(key));
}

const BREAKDOWNS: ReadonlySet<string> = new Set(['"age"', '"country"']);

const ODD_DAYS = [
  '2026-02-30',
  '2026-10-32',
  '0000-01-01',
  '1899-12-31',
  '2026-1-01',
  '',
  '2026-13-01',
  '2026-09-20',
  '2026-10-01T00:00:00',
];
const BROKEN = ['[01]', '[1.]', '[1e]', '[-]', '[tru]', '[{"a"}]', '[1,]', '{}', '[{"a" :1}]'];
const RESULTS = [
  '[]',
  '[1.50,-2e+5,0,-0.1,true,false,null,"x",{"a":{"b":[]}}]',
  '[[[[]]]]',
  '[{"indicator":"x","values":[{"value":"1"}]}]',
];

function name(draw: Draw): string {
  return pick(
    draw,
    draw(50) === 0
      ? ['"\\q"', '"tab\t"']
      : [
          '"Brand"',
          '"Größe, \\"neu\\""',
          '"a\\u00e9\\/b"',
          '"\\ud83d"',
          '" x"',
          '""',
          '"😀"',
          '"a\\nb"',
          '"tab\\t"',
          '"=1+1"',
          '"a,b"',
        ],
  );
}

function count(draw: Draw): string {
  return draw(600) === 0 ? odd(draw) : `"${draw(10 ** (1 + draw(6)))}"`;
}

function amount(draw: Draw): string {
  if (draw(600) === 0) return odd(draw);
  const places = draw(200) === 0 ? 7 : draw(7);
  const whole = draw(10 ** (1 + draw(5)));
  const part = String(draw(10 ** 7))
    .padStart(7, '0')
    .slice(0, places);
  return places === 0 ? `"${whole}"` : `"${whole}.${part}"`;
}

function odd(draw: Draw): string {
  return pick(draw, [
    '""',
    '"-1"',
    '"1."',
    '".5"',
    '"1e3"',
    '12',
    '12.50',
    'null',
    '"007"',
    '"1 "',
    '"12345678901234567890"',
    `"${'9'.repeat(41)}"`,
    '"1,5"',
    '"\\u0031"',
    '[]',
    '{}',
    '"-0.00"',
    '"1234567890123.5"',
  ]);
}

const TYPES = [
  'link_click',
  'landing_page_view',
  'omni_purchase',
  'purchase',
  'offsite_conversion.fb_pixel_purchase',
  'offsite_conversion.fb_pixel_add_to_cart',
  'offsite_conversion.fb_pixel_custom',
  'offsite_conversion.fb_pixel_custom.Big',
  'offsite_conversion.fb_pixel_custom.Lead',
  'lead',
  'onsite_conversion.lead_grouped',
  'offsite_conversion.fb_pixel_lead',
  'post',
  'comment',
  'video_view',
  'like',
  'offsite_conversion.custom.123',
  'Ünlike',
  'a\\"b',
  'onsite_web_purchase',
  'leadgen_grouped',
  'web_in_store_purchase',
] as const;
const NAMES = [
  '1d_click',
  '7d_click',
  '28d_click',
  '1d_view',
  '1d_ev',
  '7d_view',
  'inline',
  'dda',
  'skan_click',
] as const;

/** A list of actions, some with a type twice, a part, a window nobody knows, or no type at all. */
function list(draw: Draw, figure: (draw: Draw) => string): string {
  if (draw(40) === 0)
    return pick(draw, ['null', '{}', '"x"', '[null]', '[1]', '[{}]', '[{"value":"1"}]', '[ ]']);
  const step = draw(12) === 0 ? 0 : 1 + draw(3);
  const first = draw(TYPES.length);
  const entries = Array.from({ length: draw(7) }, (_, at) => {
    const type = TYPES[(first + at * step) % TYPES.length];
    const members: Members = [['"action_type"', `"${type}"`]];
    if (draw(20) > 0) members.push(['"value"', figure(draw)]);
    for (const window of NAMES) if (draw(3) === 0) members.push([`"${window}"`, figure(draw)]);
    if (draw(99) === 0) members.push(['"action_device"', '"desktop"']);
    if (draw(40) === 0) members.push(['"value"', figure(draw)]);
    if (draw(99) === 0) members.push(['"someday"', '"1"']);
    if (draw(40) === 0) members.reverse();
    return `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`;
  });
  return `[${entries.join(',')}]`;
}

/** Ways to spoil a record that keep it JSON, or nearly. */
const SPOILS: readonly ((draw: Draw, members: Members) => void)[] = [
  (draw, members) => members.splice(draw(members.length), 1),
  (draw, members) => members.push(pick(draw, members)),
  (draw, members) => members.push([pick(draw, members)[0], odd(draw)]),
  (draw, members) => members.unshift([pick(draw, members)[0], odd(draw)]),
  (draw, members) =>
    members.push([
      pick(draw, ['"new_field"', '"__proto__"', '"toString"', '""', '"id"']),
      odd(draw),
    ]),
  (draw, members) =>
    members.splice(draw(members.length), 0, ...members.splice(draw(members.length), 1)),
  (draw, members) => members.push(['"date_start"', JSON.stringify(pick(draw, ODD_DAYS))]),
  (draw, members) => respell(draw, members, (text) => ` ${text}`),
  (draw, members) => respell(draw, members, (text) => text.replace('a', '\\u0061')),
  (draw, members) => respell(draw, members, (text) => text.toUpperCase()),
];

function respell(draw: Draw, members: Members, spell: (text: string) => string): void {
  const at = draw(members.length);
  const [name, value] = members[at] ?? ['""', '""'];
  members[at] = draw(2) === 0 ? [spell(name), value] : [name, spell(value)];
}

const BYTES = Buffer.from('{}[]",:\\0123456789.-eEntf \n\t/u\u0000\u007f');

/** The bytes with one to three of them changed, taken out, put in or cut off. */
export function damaged(draw: Draw, bytes: Buffer): Buffer {
  let text = bytes;
  for (let count = 1 + draw(3); count > 0; count--) {
    const at = draw(text.length);
    const byte = Buffer.from([draw(4) === 0 ? draw(256) : (BYTES[draw(BYTES.length)] ?? 0)]);
    const kind = draw(4);
    const after = text.subarray(kind === 1 ? at : at + 1);
    if (kind === 3) text = text.subarray(0, draw(10) === 0 ? at : text.length);
    else text = Buffer.concat([text.subarray(0, at), ...(kind === 2 ? [] : [byte]), after]);
  }
  return text;
}
