import { migrateCommand } from '@aetherius/shared/postgres';

process.exitCode = await migrateCommand({
  service: 'orchestrator-service',
  schema: 'orchestrator_service',
  folder: new URL('../migrations/', import.meta.url),
  environment: process.env,
});
