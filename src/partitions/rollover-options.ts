import type { ConnectionSettings } from '../database/connection-settings.js';
import type { PartitionEvent } from './events.js';
import type { PolicyOptions } from './select-policies.js';

export interface RolloverOptions extends PolicyOptions {
  /** Decides which month is the current one; default: the server's clock. */
  readonly now?: Date | undefined;
  /** Longest wait for one lock, in milliseconds; default 200. Writers may queue behind us as long. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a transaction is tried again after that; default 30. */
  readonly retries?: number | undefined;
  /** Most rows moved in one transaction; default 10,000. */
  readonly rowsPerStep?: number | undefined;
  readonly onEvent?: ((event: PartitionEvent) => void) | undefined;
}

export interface RolloverPartitionsOptions extends RolloverOptions {
  readonly connection: ConnectionSettings | string;
  /** Longest wait for another maintenance run, in milliseconds; default 0. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
