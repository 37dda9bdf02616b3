/** Something an operator should know, and that fails no call. */
export interface DatabaseWarning {
  readonly code: DatabaseWarningCode;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

export type DatabaseWarningCode =
  | 'TLS_OFF'
  | 'TLS_UNVERIFIED'
  | 'CONNECTION_LEAK'
  | 'CONNECTION_LOST'
  | 'TRANSACTION_LEFT_OPEN'
  | 'REPLICA_OUT'
  | 'REPLICA_BACK'
  | 'HOOK_FAILED';

export type WarningListener = (warning: DatabaseWarning) => void;

/** Where warnings go that nobody listens to: Node prints them, once each, unless told not to. */
export const emitProcessWarning: WarningListener = ({ code, message, detail }) =>
  process.emitWarning(message, {
    type: 'StudymateWarning',
    code,
    ...(detail === undefined ? {} : { detail }),
  });
