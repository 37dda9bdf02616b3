import type { SeedTable } from '../seed-table.js';
import { metrics as allMetrics } from '../vocabulary/index.js';
import { busyness } from '../world/rhythm.js';
import { HOUR, timestampValue } from '../world/time.js';
import type { World } from '../world/world.js';

/** A sample of every metric each so many hours, by the messages of the world: small ones are not buried in them. */
function hoursBetweenSamples(messages: number): number {
  if (messages < 10_000) return 12;
  return messages < 1_000_000 ? 6 : 1;
}

/** Numbers of messages are in the messages; samples that don't agree with them would only mislead. */
const metrics = allMetrics.filter(({ name }) => name !== 'messages_per_minute');

/** Busy hours drive the load up, some metrics with it. */
export function systemMetrics({ history }: World): SeedTable {
  const noise = history.draw('system_metrics.metric_value');
  const step = hoursBetweenSamples(history.options.messages) * HOUR;
  const samples = Math.floor((history.to - 1 - history.from) / step) + 1;
  const metric = (row: number) => metrics[row % metrics.length] as (typeof metrics)[number];
  const at = (row: number): number => history.from + Math.floor(row / metrics.length) * step;
  const load = (instant: number): number =>
    busyness(instant) * (0.6 + (0.4 * (instant - history.from)) / (history.to - history.from));
  return {
    table: 'system_metrics',
    rowCount: samples * metrics.length,
    columns: {
      id: (row) => row + 1,
      metric_name: (row) => metric(row).name,
      metric_value: (row) => {
        const { low, high, decimals } = metric(row);
        const share = 0.65 * load(at(row)) + 0.35 * noise.unit(row);
        return (low + (high - low) * share).toFixed(decimals);
      },
      metric_unit: (row) => metric(row).unit,
      tags: (row) => {
        const { bytes } = metric(row).tags;
        return bytes[Math.floor(row / metrics.length) % bytes.length] as Uint8Array;
      },
      recorded_at: (row) => timestampValue(at(row)),
    },
  };
}
