import pg from 'pg';

export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  applicationName?: string,
): Promise<T> {
  const client = await connect(url, applicationName);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** In UTC, whatever the server's time zone. */
export async function connect(url: string, applicationName = 'bench'): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    options: '-c timezone=UTC',
  });
  await client.connect();
  return client;
}
