import { openApi } from '@aetherius/shared/http';
import { about } from './about.ts';
import { orchestratorRoutes } from './routes.ts';

// Only the shapes of the routes are read here; no handler runs, so none of their needs is there.
process.stdout.write(JSON.stringify(openApi(orchestratorRoutes({} as never), about)));
