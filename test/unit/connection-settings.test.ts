import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { resolveConnection } from '../../src/config.js';
import { clientFor } from '../../src/database/connect.js';
import { describeConnection, parseConnectionString } from '../../src/database/connection-settings.js';
import { UsageError } from '../../src/errors.js';

const secret = 's3cret';

describe('where the database is', () => {
  it('is the flag, else DATABASE_URL, else the PG* variables', () => {
    const environment = { DATABASE_URL: 'postgres://env/two', PGHOST: 'three', PGDATABASE: 'three' };
    expect(resolveConnection({ databaseUrl: 'postgres://flag/one' }, environment).database).toBe('one');
    expect(resolveConnection({}, environment).database).toBe('two');
    expect(
      resolveConnection({}, { PGHOST: 'h', PGPORT: '5433', PGUSER: 'u', PGDATABASE: 'three' }),
    ).toMatchObject({
      host: 'h',
      port: 5433,
      user: 'u',
      database: 'three',
    });
  });

  it('is never guessed', () => {
    expect(() => resolveConnection({}, {})).toThrow(
      expect.objectContaining({
        code: 'CONFIG_NO_DATABASE_URL',
        hint: expect.stringMatching(/DATABASE_URL.*dev start/) as string,
      }) as Error,
    );
    expect(() => resolveConnection({ databaseUrl: '' }, { DATABASE_URL: '', PGUSER: 'me' })).toThrow(
      UsageError,
    );
  });

  it.each([
    'mysql://h/d',
    'localhost/db',
    'postgres://h:99999/d',
    'postgres://h:port/d',
    'postgres://[::1/d',
  ])('refuses %s without repeating it', (url) => {
    const withPassword = url.replace('//', `//u:${secret}@`);
    expect(() => parseConnectionString(withPassword)).toThrow(UsageError);
    try {
      parseConnectionString(withPassword);
    } catch (error) {
      expect(inspect(error, { depth: 5 })).not.toContain(secret);
    }
  });

  it('keeps the password out of everything that prints', () => {
    const settings = parseConnectionString(`postgres://u:${secret}@h:5433/d`);
    expect(settings.password).toBe(secret);
    expect(`${inspect(settings)} ${JSON.stringify(settings)} ${describeConnection(settings)}`).not.toContain(
      secret,
    );
    expect(describeConnection(settings)).toBe('u@h:5433/d');
  });

  it('takes the password from PGPASSWORD when the URL has none', () => {
    expect(resolveConnection({}, { DATABASE_URL: 'postgres://u@h/d', PGPASSWORD: secret }).password).toBe(
      secret,
    );
  });

  it('means verify-full by every sslmode but disable and no-verify', () => {
    for (const mode of ['prefer', 'require', 'verify-ca', 'verify-full']) {
      expect(parseConnectionString(`postgres://h/d?sslmode=${mode}`).ssl).not.toMatchObject({
        rejectUnauthorized: false,
      });
      expect(parseConnectionString(`postgres://h/d?sslmode=${mode}`).ssl).toBeTruthy();
    }
    expect(parseConnectionString('postgres://h/d?sslmode=disable').ssl).toBe(false);
  });

  it('verifies the certificate of another machine unless told otherwise, and needs none of this one', () => {
    const tlsOf = (url: string): unknown => {
      const client: unknown = clientFor(parseConnectionString(url), { applicationName: 'test' });
      return (client as { readonly ssl: unknown }).ssl;
    };
    expect(tlsOf('postgres://u@db.example.com/d')).toMatchObject({ host: 'db.example.com' });
    expect(tlsOf('postgres://u@db.example.com/d?sslmode=disable')).toBe(false);
    expect(tlsOf('postgres://u@db.example.com/d?sslmode=no-verify')).toMatchObject({
      rejectUnauthorized: false,
    });
    expect(tlsOf('postgres://u@localhost/d')).toBe(false);
  });

  it('takes the mode of TLS from PGSSLMODE beside PGHOST', () => {
    const sslOf = (mode: string): unknown =>
      resolveConnection({}, { PGHOST: 'db.example.com', PGSSLMODE: mode }).ssl;
    expect(sslOf('disable')).toBe(false);
    expect(sslOf('no-verify')).toEqual({ rejectUnauthorized: false });
    expect(sslOf('prefer')).toBe(true);
  });
});
