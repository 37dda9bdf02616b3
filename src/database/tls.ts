import type { ClientConfig } from 'pg';
import type { ConnectionSettings } from './connection-settings.js';
import type { DatabaseWarning } from './database-warning.js';

export interface TlsDecision {
  /** What pg is given; never undefined, which would let PGSSLMODE decide. */
  readonly ssl: NonNullable<ClientConfig['ssl']>;
  readonly problem?: string;
  readonly warning?: DatabaseWarning;
}

export interface TlsPolicy {
  readonly allowUnverifiedTls: boolean;
  /** How messages call the server. */
  readonly where: string;
}

/**
 * TLS with a verified certificate and host name (verify-full), unless the connection string says otherwise or the
 * server is on this machine.
 */
export function decideTls(
  { host, ssl }: ConnectionSettings,
  { allowUnverifiedTls, where }: TlsPolicy,
): TlsDecision {
  if (ssl === undefined) return { ssl: !isLocal(host) && verifying(host) };
  if (ssl === false) {
    if (isLocal(host)) return { ssl };
    return {
      ssl,
      warning: {
        code: 'TLS_OFF',
        message: `the connection to ${where} is not encrypted`,
        hint: 'Leave sslmode=disable out of the connection string, unless the network in between is trusted.',
      },
    };
  }
  if (ssl === true || ssl.rejectUnauthorized !== false) return { ssl: verifying(host, ssl) };
  if (!allowUnverifiedTls) {
    return {
      ssl,
      problem: `${where}: sslmode=no-verify encrypts without knowing to whom; give the CA with sslrootcert=FILE, or set allowUnverifiedTls.`,
    };
  }
  return {
    ssl,
    warning: {
      code: 'TLS_UNVERIFIED',
      message: `the certificate of ${where} is not verified`,
      hint: 'Give its CA with sslrootcert=FILE in the connection string.',
    },
  };
}

/**
 * pg passes on host names alone, and node compares the certificate of an address that it is not told with
 * «localhost».
 */
function verifying(host: string | undefined, ssl: TlsDecision['ssl'] = true): TlsDecision['ssl'] {
  const options = typeof ssl === 'object' ? ssl : {};
  return host === undefined ? options : { ...options, host };
}

/** A Unix socket or the loopback interface. */
function isLocal(host: string | undefined): boolean {
  if (host === undefined || host.startsWith('/') || host === 'localhost' || host === '::1') return true;
  return /^127(\.\d{1,3}){3}$/.test(host);
}
