/** A seed in a process of its own: prints its peak memory as JSON. Arguments: database URL, messages. */
import { readFileSync } from 'node:fs';
import { limitGarbage } from '../../src/seed/limit-garbage.js';
import { seed } from '../../src/seed/seed.js';

limitGarbage();
const [connection = '', messages] = process.argv.slice(2);
const { manifest, durationMs } = await seed({ connection, profile: 'load', messages: Number(messages) });
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log(JSON.stringify({ peakMegabytes: Number(kibibytes) / 1024, rows: manifest.rowCount, durationMs }));
