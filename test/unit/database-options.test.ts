import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/create-database.js';
import type { DatabaseOptions } from '../../src/database/database-options.js';
import type { DatabaseWarning } from '../../src/database/database-warning.js';
import { decideTls } from '../../src/database/tls.js';
import type { UsageError } from '../../src/errors.js';

const local = 'postgres://app@localhost/studymate';

function refusal(options: unknown): UsageError {
  try {
    createDatabase(options as DatabaseOptions);
  } catch (error) {
    return error as UsageError;
  }
  throw new Error('the options were accepted');
}

function warningsOf(options: Partial<DatabaseOptions>): readonly DatabaseWarning[] {
  const warnings: DatabaseWarning[] = [];
  createDatabase({
    connectionString: local,
    onWarning: (warning) => void warnings.push(warning),
    ...options,
  });
  return warnings;
}

describe('the options of a database', () => {
  it('are refused with every problem at once', () => {
    const error = refusal({
      connectionString: 'mysql://app@localhost/studymate',
      replicas: ['postgres://replica', 7, 'postgres://app@replica:port/db'],
      maximumPoolSize: 0,
      connectionTimeoutMs: 0,
      maximumLagMs: '5s',
      queryParameters: 'yes',
      max: 20,
    });
    expect(error).toMatchObject({ name: 'UsageError', code: 'CONFIG_INVALID' });
    expect(error.detail?.split('\n')).toEqual([
      'maximumLagMs is of type string; it must be a whole number from 1 to 2147483647.',
      'maximumPoolSize is 0; it must be a whole number from 1 to 1000.',
      'connectionTimeoutMs is 0; it must be a whole number from 1 to 2147483647.',
      'queryParameters is of type string; it must be of type boolean.',
      'There is no option max.',
      'connectionString: the database URL is not valid. It does not start with postgres:// or postgresql://.',
      'replicas[1] is of type number.',
      expect.stringMatching(/^replicas\[2\]: the database URL is not valid\./),
    ]);
  });

  it('are refused when the connection string is missing', () => {
    expect(refusal({}).detail).toBe('connectionString is missing.');
  });

  it.each([
    ['timeouts that setTimeout cannot keep', { statementTimeoutMs: 2 ** 31 }],
    ['fractions', { idleTimeoutMs: 1.5 }],
    ['negative numbers', { lockTimeoutMs: -1 }],
    ['what is no number', { maxLifetimeMs: Number.NaN }],
    ['replicas that are no list', { replicas: 'postgres://replica' }],
    ['hooks that cannot be called', { onQuery: true }],
  ])('are refused for %s', (_, options) => {
    expect(refusal({ connectionString: local, ...options }).code).toBe('CONFIG_INVALID');
  });

  it('connect to nothing by themselves', () => {
    const database = createDatabase({ connectionString: 'postgres://app@localhost:1/studymate' });
    expect(database.status()).toEqual({
      pools: [
        { name: 'primary', inUse: 0, idle: 0, waiting: 0 },
        { name: 'primary (read only)', inUse: 0, idle: 0, waiting: 0 },
      ],
      replicas: [],
    });
  });
});

describe('TLS', () => {
  it.each([
    [undefined, 'db.example.com', { host: 'db.example.com' }],
    [undefined, '10.0.0.5', { host: '10.0.0.5' }],
    [undefined, 'localhost', false],
    [undefined, '/var/run/postgresql', false],
    [undefined, undefined, false],
    [true, '10.0.0.5', { host: '10.0.0.5' }],
    [{ ca: 'pem' }, 'db.example.com', { ca: 'pem', host: 'db.example.com' }],
    [false, 'db.example.com', false],
  ])('is verified unless said otherwise: %o to %s makes %o', (ssl, host, expected) => {
    expect(decideTls({ ssl, host }, { allowUnverifiedTls: false, where: 'there' }).ssl).toEqual(expected);
  });

  it('is on to other machines when nothing is said, and nothing is warned of', () => {
    expect(warningsOf({ connectionString: 'postgres://app@db.example.com/studymate' })).toEqual([]);
  });

  it('turned off is warned of, except to this machine', () => {
    const [warning, ...others] = warningsOf({
      connectionString: 'postgres://app:hunter2@10.0.0.5/studymate?sslmode=disable',
      replicas: ['postgres://app:hunter2@localhost/studymate?sslmode=disable'],
    });
    expect(warning).toMatchObject({
      code: 'TLS_OFF',
      message: 'the connection to app@10.0.0.5:5432/studymate is not encrypted',
    });
    expect(others).toEqual([]);
    for (const host of ['127.0.0.1', '127.1.2.3', '[::1]', '%2Fvar%2Frun%2Fpostgresql']) {
      expect(warningsOf({ connectionString: `postgres://app@${host}/studymate?sslmode=disable` })).toEqual(
        [],
      );
    }
  });

  it('without verification is refused', () => {
    const error = refusal({ connectionString: 'postgres://app:hunter2@db/studymate?sslmode=no-verify' });
    expect(error.detail).toContain('sslmode=no-verify encrypts without knowing to whom');
    expect(inspect(error)).not.toContain('hunter2');
  });
});

describe('a password', () => {
  const secret = 'hunter2-very-secret';

  it.each([
    ['the connection string', { connectionString: `postgres://app:${secret}@localhost:1/studymate` }],
    ['an option', { connectionString: 'postgres://app@localhost:1/studymate', password: secret }],
  ])('given by %s does not show in the database, its errors or its warnings', async (_, options) => {
    const database = createDatabase({
      ...options,
      replicas: [options.connectionString],
      onWarning: () => undefined,
    });
    const deep = (value: unknown): string => inspect(value, { depth: 20, showHidden: true, getters: true });
    expect(deep(database)).not.toContain(secret);
    expect(JSON.stringify(database)).not.toContain(secret);
    const failed: unknown = await database.primary
      .selectFrom('users')
      .select('id')
      .execute()
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'CONNECT_REFUSED' });
    expect(deep(failed)).not.toContain(secret);
    expect(JSON.stringify(failed)).not.toContain(secret);
    await database.close({ drainTimeoutMs: 0 });
  });

  it('in an invalid connection string is not repeated', () => {
    const error = refusal({ connectionString: `postgres://app:${secret}@localhost:99999/studymate` });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });
});
