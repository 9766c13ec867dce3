export { type Access, allows, createAccess, readPublicKey } from './access.ts';
export { createApp, type Readiness } from './create-app.ts';
export { type Listening, listen } from './listen.ts';
export { openApi } from './open-api.ts';
export { cursorOf, encodeCursor, Place, page, pageOf, pageQuery, QueryText, QueryTime } from './paging.ts';
export { type Actor, type EventStream, type Route, route } from './route.ts';
