import { type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** What was read out of the text of a creative; lists as JSON. */
export function flattenCreativeText({ record }: RawRecord): readonly StagingRow[] {
  return [
    {
      account_id: textOf(record, 'account_id'),
      creative_id: textOf(record, 'creative_id'),
      text: textOf(record, 'text'),
      words: numberOf(record.words),
      rated_words: numberOf(record.rated_words),
      sentiment: decimalOf(record.sentiment),
      topics: JSON.stringify(record.topics),
      people: JSON.stringify(record.people),
      places: JSON.stringify(record.places),
      organizations: JSON.stringify(record.organizations),
      read_by: textOf(record, 'read_by'),
    },
  ];
}

/** What was read out of the picture of a creative; lists as JSON. */
export function flattenCreativeImage({ record }: RawRecord): readonly StagingRow[] {
  return [
    {
      account_id: textOf(record, 'account_id'),
      creative_id: textOf(record, 'creative_id'),
      image_sha256: textOf(record, 'image_sha256'),
      width: numberOf(record.width),
      height: numberOf(record.height),
      ratio: decimalOf(record.ratio),
      brightness: decimalOf(record.brightness),
      colours: JSON.stringify(record.colours),
      colour_share: decimalOf(record.colour_share),
      read_by: textOf(record, 'read_by'),
    },
  ];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Four places at most, so it is never written with an exponent. */
function decimalOf(value: unknown): string | null {
  return typeof value === 'number' ? value.toFixed(4).replace(/\.?0+$/, '') : null;
}
