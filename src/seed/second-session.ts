import { BlockerObserver } from '../database/blocker-observer.js';
import { backendPid, clientFor, withConnection } from '../database/connect.js';
import type { MaintenanceSession } from '../database/maintenance-session.js';

const applicationName = 'studymate-db seed (2)';

/** A second connection with the settings of the first, which holds the lease for both. */
export async function withSecondSession<T>(
  { settings, signal }: MaintenanceSession,
  work: (second: MaintenanceSession) => Promise<T>,
): Promise<T> {
  return withConnection(settings, { applicationName, signal }, async ({ client, serverVersion }) => {
    const observer = new BlockerObserver(() =>
      clientFor(settings, { applicationName: `${applicationName} (observer)` }),
    );
    try {
      // Whatever timeouts the role carries; and an index build ends soon after its client.
      await client.query(`
        set statement_timeout = 0;
        set idle_in_transaction_session_timeout = 0;
        ${serverVersion >= 170_000 ? 'set transaction_timeout = 0;' : ''}
        do $$
        begin
          set client_connection_check_interval = '1s';
        exception when invalid_parameter_value then
          null; -- the server's platform cannot tell a closed socket
        end
        $$`);
      return await work({ client, settings, serverVersion, pid: backendPid(client) ?? 0, observer, signal });
    } finally {
      await observer.close();
    }
  });
}
