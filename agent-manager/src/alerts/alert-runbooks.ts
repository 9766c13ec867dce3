import { readFileSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';

const page = new URL('../../runbooks/alerts.md', import.meta.url);
/** What every section builds on. */
const BEFORE = 'Before you type';

const cutAt = (text: string, heading: RegExp): [title: string, section: string][] =>
  text
    .split(heading)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.trim()]);

/** What is typed for one alert, by its name: the section of the page, and below it what its commands build on. */
export function runbooksIn(text: string): ReadonlyMap<string, string> {
  const [, before = ''] = cutAt(text, /^## /m).find(([title]) => title === BEFORE) ?? [];
  return new Map(
    cutAt(text, /^### /m).map(([alert, section]) => [
      alert,
      `${section.split(/^## /m)[0]?.trim()}\n\n---\n\n${before}\n`,
    ]),
  );
}

/** The runbooks of our own alerts, where the links of the alerts lead: without a token, because who is paged may have none at hand. */
export function runbookRoutes(): Route[] {
  const runbooks = runbooksIn(readFileSync(page, 'utf8'));
  return [
    route({
      method: 'get',
      path: '/api/v1/alert-runbooks/:alert',
      summary: 'What to look at and what to do when an alert of Aetherius itself fires',
      role: 'public',
      request: { params: z.object({ alert: z.string().max(100) }) },
      response: z.string(),
      text: true,
      handler: async ({ params: { alert } }) => {
        const text = runbooks.get(alert);
        if (text === undefined) throw errors.not_found({ alert });
        return text;
      },
    }),
  ];
}
