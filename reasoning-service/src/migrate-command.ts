import { migrateCommand } from '@aetherius/shared/postgres';

process.exitCode = await migrateCommand({
  service: 'reasoning-service',
  schema: 'reasoning_service',
  folder: new URL('../migrations/', import.meta.url),
  environment: process.env,
});
