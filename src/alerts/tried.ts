/** How one try to send ended. */
export type Sent =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** What came instead, without any address. */
      readonly found: string;
      /** Whether another try may help. */
      readonly mayPass: boolean;
    };

const ATTEMPTS = 3;
/** All tries together: a run does not wait for a messenger. */
const BUDGET_MILLISECONDS = 30_000;
const FIRST_WAIT_MILLISECONDS = 500;

/** Tries up to three times within 30 s, and longer apart each time, as long as that may help. */
export async function tried(
  once: () => Promise<Sent>,
  world: { readonly sleep: (milliseconds: number) => Promise<void> },
): Promise<Sent> {
  const started = performance.now();
  let last: Sent = { ok: false, found: 'nothing was tried', mayPass: true };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await world.sleep(FIRST_WAIT_MILLISECONDS * 2 ** attempt);
    last = await once();
    if (last.ok || !last.mayPass) return last;
    if (performance.now() - started > BUDGET_MILLISECONDS) return last;
  }
  return last;
}
