#!/usr/bin/env node
// Tries to break adlake in every way there is, in turn, for as long as it may, and writes a report of
// what was tried and what held: `npm run torture -- --minutes 20`. `--case ID` tries one case again.
// A hostile time zone, as in the tests.
process.env.TZ = 'Pacific/Kiritimati';
const { register } = await import('tsx/esm/api');
register({ tsconfig: false });
const { torture } = await import('../test/torture/torture.ts');
process.exit(await torture(process.argv.slice(2)));
