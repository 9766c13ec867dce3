import { openApi } from '@aetherius/shared/http';
import { systemClock as clock } from '@aetherius/shared/service';
import { about } from './about.ts';
import { detectionRoutes } from './detection/routes.ts';
import { forecastRoutes } from './forecast/routes.ts';
import { knowledgeRoutes } from './knowledge.ts';
import { llmRoutes } from './llm/routes.ts';
import { analysisRoutes } from './requests/routes.ts';
import { rootCauseRoutes } from './rootcause/routes.ts';

// Only the shapes of the routes are read here; no handler runs, so none of their needs is there.
const needs = { clock } as never;
process.stdout.write(
  JSON.stringify(
    openApi(
      [
        ...analysisRoutes(needs),
        ...rootCauseRoutes(),
        ...knowledgeRoutes(needs),
        ...detectionRoutes(needs),
        ...forecastRoutes(needs),
        ...llmRoutes(needs),
      ],
      about,
    ),
  ),
);
