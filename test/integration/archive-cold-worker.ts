import { exportMonth, type ExportMonthOptions } from '../../src/archive/cold/export-month.js';
import { importMonth, type ImportMonthOptions } from '../../src/archive/cold/import-month.js';
import type { ColdEvent } from '../../src/archive/cold/events.js';

export interface ColdOrder {
  readonly do: 'export' | 'import';
  readonly options: ExportMonthOptions & ImportMonthOptions;
  /** The phase of chat_messages, or the kind of event, at which the process stops for good, to be killed. */
  readonly stopAt?: string | undefined;
}

export type ColdReport = { readonly stopped: true } | { readonly done: true; readonly peakRssBytes: number };

const order = JSON.parse(process.argv[2] ?? '') as ColdOrder;

function onEvent(event: ColdEvent): void {
  if ((event.type === 'phase' ? event.phase : event.type) !== order.stopAt) return;
  process.send?.({ stopped: true } satisfies ColdReport);
  // Nothing of this process runs from here on, but its connections stay open.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const options = { ...order.options, onEvent };
await (order.do === 'export' ? exportMonth(options) : importMonth(options));
process.send?.({ done: true, peakRssBytes: process.resourceUsage().maxRSS * 1024 } satisfies ColdReport);
process.disconnect();
