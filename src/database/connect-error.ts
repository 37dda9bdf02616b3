import { ConnectError } from '../errors.js';
import { describeConnection, type ConnectionSettings } from './connection-settings.js';
import { isServerError, SQLSTATE } from './sqlstate.js';

/** Why no connection could be made, by SQLSTATE and errno. */
export function asConnectError(error: unknown, settings: ConnectionSettings): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const where = describeConnection(settings);
  const fail = (code: ConnectError['code'], message: string, hint: string): ConnectError =>
    new ConnectError(code, message, { detail: rootMessage(error), hint, cause: error });
  if (isServerError(error)) {
    switch (error.code) {
      case SQLSTATE.invalidPassword:
      case SQLSTATE.invalidAuthorizationSpecification:
        return fail(
          'CONNECT_AUTHENTICATION_FAILED',
          `the server refused to authenticate ${where}`,
          'Check the user and the password (PGPASSWORD, ~/.pgpass or the URL), and the server’s pg_hba.conf.',
        );
      case SQLSTATE.invalidCatalogName:
        return fail(
          'CONNECT_DATABASE_MISSING',
          `there is no database ${settings.database ?? settings.user ?? ''} on ${where}`,
          'Create it with «create database», or correct the name in the database URL.',
        );
      case SQLSTATE.tooManyConnections:
        return fail(
          'CONNECT_TOO_MANY_CONNECTIONS',
          `the server at ${where} has no free connection`,
          'Close idle connections or raise max_connections, then try again.',
        );
      case SQLSTATE.cannotConnectNow:
        return fail(
          'CONNECT_SERVER_STARTING',
          `the server at ${where} is starting up or shutting down`,
          'Try again in a moment.',
        );
      default:
        return fail(
          'CONNECT_FAILED',
          `the server at ${where} refused the connection`,
          'The detail is the server’s own message.',
        );
    }
  }
  const code = errno(error);
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EACCES') {
    return fail(
      'CONNECT_REFUSED',
      `nothing answers at ${where}`,
      'Check that the server runs and that host and port are right; «studymate-db dev start» starts one on this machine.',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail(
      'CONNECT_HOST_UNKNOWN',
      `the host of ${where} is not known`,
      'Check the host name in the database URL.',
    );
  }
  if (code === 'ETIMEDOUT' || /timeout/i.test(error.message)) {
    return fail(
      'CONNECT_TIMEOUT',
      `${where} did not answer in time`,
      'Check the host, the port and firewalls in between.',
    );
  }
  if (/SSL|TLS|certificate/i.test(error.message) || code?.startsWith('ERR_TLS') || code?.includes('CERT')) {
    return fail(
      'CONNECT_TLS_FAILED',
      `no secure connection to ${where} could be made`,
      'Give the server’s CA with sslrootcert=FILE in the URL; sslmode=disable turns TLS off.',
    );
  }
  return fail('CONNECT_FAILED', `could not connect to ${where}`, 'The detail is the network’s own message.');
}

/** «localhost» may fail once per address family: node wraps the failures into one AggregateError. */
function firstError(error: Error): Error {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
  return inner instanceof Error ? inner : error;
}

function errno(error: Error): string | undefined {
  const { code } = firstError(error) as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : undefined;
}

function rootMessage(error: Error): string {
  return firstError(error).message;
}
