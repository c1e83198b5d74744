import { setTimeout as sleep } from 'node:timers/promises';
import { listAlerts } from '../alerts/alert.ts';
import { deliver } from '../alerts/delivery.ts';
import { forgetJudged, judgedSince } from '../alerts/judged.ts';
import { landSignals } from '../alerts/landed.ts';
import { noticed } from '../alerts/notice.ts';
import { newSignals } from '../alerts/signal.ts';
import { sinksOf } from '../alerts/sink.ts';
import { originOf } from '../lake-origin.ts';
import { silent } from '../progress.ts';
import { runStages } from '../run.ts';
import { alertIdsBefore, type RunAlerts } from '../run-record.ts';
import type { ExtractSummary } from '../stages/api-to-landing.ts';
import { dayAt } from '../window.ts';
import type { CommandContext } from './context.ts';

/**
 * Lands what the run noticed about the lake itself, tells the sinks of new alerts, lands that it did,
 * and gives the alerts as they are then. Only for who holds the lake.
 */
export async function watch(
  context: CommandContext,
  did: { readonly extract: ExtractSummary | null },
): Promise<RunAlerts> {
  const { lake, config } = context;
  const now = context.now();
  const today = context.today ?? dayAt(now, 'UTC');
  const signals = newSignals(
    lake,
    await noticed({ lake, extract: did.extract, judged: judgedSince(lake), now, today }),
    today,
  );
  landSignals(lake, signals, now);
  if (signals.length > 0) await bringUp(context, 'lake_signals');
  const alerts = listAlerts(lake, 'current');
  const before = alertIdsBefore(lake);
  forgetJudged(lake);
  const deliveries = await deliver(lake, alerts, {
    sinks: sinksOf(config.alerts, {
      sleep: async (milliseconds) => void (await sleep(milliseconds)),
    }),
    least: config.alerts.leastSeverity,
    isSynthetic: originOf(lake) === 'sandbox',
    now: context.now,
  });
  if (deliveries.some(({ failure }) => failure === null)) await bringUp(context, 'alert_events');
  const new_ids = alerts.map(({ alert_id }) => alert_id).filter((id) => !before.includes(id));
  return { current: alerts, new_ids, deliveries };
}

/** Brings what was just landed into the table of alerts. Only for who holds the lake. */
export async function bringUp(
  context: CommandContext,
  dataset: 'lake_signals' | 'alert_events',
): Promise<void> {
  await runStages({
    lake: context.lake,
    config: context.config,
    drift: context.drift,
    selection: { datasets: [dataset, 'performance_alerts'] },
    progress: silent,
  });
}
