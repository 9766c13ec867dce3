export { type Access, allows, createAccess } from './access.ts';
export { createApp, type Readiness } from './create-app.ts';
export { type Listening, listen } from './listen.ts';
export { openApi } from './open-api.ts';
export {
  type Actor,
  decodeCursor,
  type EventStream,
  encodeCursor,
  page,
  pageQuery,
  type Route,
  route,
} from './route.ts';
