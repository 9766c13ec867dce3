import { Incident } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { z } from 'zod';

const Token = z.object({ access_token: z.string() });
const Page = z.object({ items: z.array(Incident), next_cursor: z.string().nullable() });

const Clusters = z.object({
  items: z.array(z.object({ id: z.string(), last_seen_at: z.string().nullable(), revoked_at: z.string().nullable() })),
});
const Invitation = z.object({ token: z.string() });

/** The manager's REST API as the launcher uses it. */
export type ApiClient = {
  token(): Promise<string>;
  incidents(): Promise<Incident[]>;
  clusters(): Promise<z.infer<typeof Clusters>['items']>;
  /** A one-time token for the agent of a cluster. */
  invite(cluster: string): Promise<string>;
};

async function body(answer: Response): Promise<unknown> {
  if (answer.ok) return answer.json();
  throw errors.unavailable({ url: answer.url, status: answer.status, answer: (await answer.text()).slice(0, 300) });
}

const RENEW_AFTER_MS = 30 * 60_000;

/** Exchanges the first administrator's token for short access tokens as they are needed. */
export function createApiClient({ url, apiToken }: { url: string; apiToken: string }): ApiClient {
  let current: { token: string; at: number } | undefined;
  const token = async () => {
    if (current === undefined || performance.now() - current.at > RENEW_AFTER_MS) {
      const answer = await fetch(`${url}/api/v1/access/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiToken}` },
      });
      current = { token: Token.parse(await body(answer)).access_token, at: performance.now() };
    }
    return current.token;
  };
  const clusters = async () => {
    const headers = { authorization: `Bearer ${await token()}` };
    return Clusters.parse(await body(await fetch(`${url}/api/v1/clusters`, { headers }))).items;
  };
  const page = async (cursor: string | null): Promise<z.infer<typeof Page>> => {
    const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return Page.parse(
      await body(
        await fetch(`${url}/api/v1/incidents?limit=200${query}`, {
          headers: { authorization: `Bearer ${await token()}` },
        }),
      ),
    );
  };
  const invite = async (cluster_id: string): Promise<string> => {
    const answer = await fetch(`${url}/api/v1/clusters`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ cluster_id }),
    });
    return Invitation.parse(await body(answer)).token;
  };
  return {
    token,
    clusters,
    invite,
    incidents: async () => {
      const all: Incident[] = [];
      let cursor: string | null = null;
      do {
        const { items, next_cursor } = await page(cursor);
        all.push(...items);
        cursor = next_cursor;
      } while (cursor !== null);
      return all;
    },
  };
}
