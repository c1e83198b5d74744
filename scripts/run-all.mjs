#!/usr/bin/env node
import { passOn } from './pass-on.mjs';

await passOn('run', '--report');
