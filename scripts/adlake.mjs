#!/usr/bin/env node
// Starts adlake. An old Node is told so before it stumbles.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`adlake needs Node 20.12 or later; this is Node ${process.versions.node}.`);
  console.error('What to do: install a newer Node (https://nodejs.org) and run the command again.');
  process.exit(78);
}
const { load } = await import('./load.mjs');
const { main } = await load('cli', process.argv);
await main();
