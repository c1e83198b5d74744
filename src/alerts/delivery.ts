import { toAdlakeError } from '../errors.ts';
import type { Lake } from '../zone.ts';
import { type Alert, isAtLeast, type Severity } from './alert.ts';
import { landAct } from './landed.ts';
import type { Sink } from './sink.ts';

/** How the sending to one sink ended. */
export interface Delivery {
  readonly sink: string;
  readonly alerts: number;
  /** What came instead of a confirmation; null when it was taken. */
  readonly failure: string | null;
}

/**
 * Sends each sink the open alerts that it was not sent yet and that are at least as bad as `least`, as one
 * message, and lands that it was. What a sink did not take is sent with the next run. Only for who
 * holds the lake. Throws nothing: a messenger that fails does not fail the run.
 */
export async function deliver(
  lake: Lake,
  alerts: readonly Alert[],
  how: {
    readonly sinks: readonly Sink[];
    readonly least: Severity;
    readonly isSynthetic: boolean;
    readonly now: () => string;
  },
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const sink of how.sinks) {
    const due = alerts.filter(
      (alert) =>
        alert.state === 'open' && isAtLeast(alert, how.least) && !alert.sent_to.includes(sink.name),
    );
    if (due.length === 0) continue;
    const failure = await attempt(sink, { alerts: due, isSynthetic: how.isSynthetic });
    const act = { kind: 'sent', sink: sink.name } as const;
    if (failure === null) landAct(lake, due, { act, now: how.now() });
    deliveries.push({ sink: sink.name, alerts: due.length, failure });
  }
  return deliveries;
}

async function attempt(
  sink: Sink,
  of: { readonly alerts: readonly Alert[]; readonly isSynthetic: boolean },
): Promise<string | null> {
  try {
    const sent = await sink.send({ ...of, isTest: false });
    return sent.ok ? null : sent.found;
  } catch (thrown) {
    return toAdlakeError(thrown).message;
  }
}
