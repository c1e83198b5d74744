// Loaded before adlake with `node --import 'file:///…/fixed-clock.mjs?at=2001-01-01T00:00:00Z'`: the clock
// stands still, so that what a run lands of its own bears the same time in every run. No part of adlake
// knows of it; timers go on.
const at = Date.parse(new URL(import.meta.url).searchParams.get('at') ?? '');
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [at] : given));
  }

  static now() {
    return at;
  }
};
