import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiContentObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { Problem } from '../contracts/problem.ts';
import type { Route } from './route.ts';

type Info = { service: string; version: string; about: string };

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

/** As the app takes it: only those who may be newer than we are may send a field that we do not know. */
function bodyOf(body: z.ZodType, role: Route['role']): ZodOpenApiContentObject {
  const closed = role !== 'public' && body instanceof z.ZodObject ? body.strict().meta(body.meta() ?? {}) : body;
  return { 'application/json': { schema: closed } };
}

function mediaOf({ streams, text }: Route): string {
  if (streams) return 'text/event-stream';
  return text ? 'text/plain' : 'application/json';
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { params, query, body } = route.request;
  const named = query instanceof z.ZodObject && Object.keys(query.shape).length > 0;
  const media = mediaOf(route);
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replace(/[^a-zA-Z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')}`,
    ...(route.role === 'public' ? { security: [] } : { description: `Needs the role ${route.role}.` }),
    ...(params === undefined && !named
      ? {}
      : {
          requestParams: {
            ...(params instanceof z.ZodObject ? { path: params } : {}),
            ...(named ? { query } : {}),
          },
        }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: bodyOf(body, route.role) } }),
    responses: {
      [String(route.status)]: { description: 'As asked', content: { [media]: { schema: route.response } } },
      '400': problem('The input does not fit; `errors` names the fields'),
      ...(route.role === 'public'
        ? {}
        : { '401': problem('No valid token'), '403': problem('The role does not allow it') }),
    },
  };
}

/** The OpenAPI 3.1 document of a service, from the very routes that it serves. */
export function openApi(routes: readonly Route[], { service, version, about }: Info): Record<string, unknown> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replace(/:([a-zA-Z_]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: { title: service, version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  }) as unknown as Record<string, unknown>;
}
