import { migrateCommand } from '@aetherius/shared/postgres';

process.exitCode = await migrateCommand({
  service: 'agent-manager',
  schema: 'agent_manager',
  folder: new URL('../migrations/', import.meta.url),
  environment: process.env,
});
