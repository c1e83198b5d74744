import { type StagingRow, textOf } from '../../staging/row.ts';
import type { Actions } from './actions.ts';

/**
 * Link clicks and where they were read: the first that was sent of `inline_link_clicks`, the action
 * `link_click`, `outbound_clicks`, `clicks` (clicks of every kind: an upper bound). A row that was
 * measured and has none of them has 0 with no source; one that was not has NULL.
 */
export function linkClicksOf(
  record: Readonly<Record<string, unknown>>,
  row: {
    readonly actions: Actions;
    /** Outbound clicks of the row, or null. */
    readonly outbound: string | null;
    readonly isMeasured: boolean;
  },
): StagingRow {
  const candidates = [
    ['inline_link_clicks', textOf(record, 'inline_link_clicks')],
    ['link_click', row.actions.get('link_click')?.value?.replace(/\.0+$/, '') ?? null],
    ['outbound_clicks', row.outbound],
    ['clicks', textOf(record, 'clicks')],
  ] as const;
  const used = candidates.find(([, clicks]) => clicks !== null);
  if (used === undefined) {
    return { link_clicks: row.isMeasured ? '0' : null, link_clicks_source: null };
  }
  return { link_clicks: used[1], link_clicks_source: used[0] };
}
