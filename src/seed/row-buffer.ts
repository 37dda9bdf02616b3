/** Bytes that rows are written into. Writers take the buffer anew for each value: making room replaces it. */
export interface RowBuffer {
  bytes: Buffer;
  view: DataView;
}

/**
 * A few network packets of the kernel's making: smaller ones cost system calls, larger ones gain nothing. More than
 * any socket takes on without being written (its high-water mark), so that «written» means that it is.
 */
export const CHUNK_BYTES = 256 * 1024;

/** Room that every writer leaves behind it, so that values of fixed size need no check: 1,600 columns of 12 bytes. */
const RESERVE_BYTES = 20 * 1024;

export function newRowBuffer(sizeBytes = CHUNK_BYTES + 2 * RESERVE_BYTES): RowBuffer {
  const bytes = Buffer.allocUnsafeSlow(sizeBytes);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Makes room for `sizeBytes` at `at`, and the reserve behind them. */
export function makeRoom(out: RowBuffer, at: number, sizeBytes: number): void {
  const needed = at + sizeBytes + RESERVE_BYTES;
  if (needed <= out.bytes.length) return;
  const grown = newRowBuffer(Math.max(needed, 2 * out.bytes.length));
  out.bytes.copy(grown.bytes, 0, 0, at);
  out.bytes = grown.bytes;
  out.view = grown.view;
}
