/**
 * A container's health check: `node health.mjs PORT PATH`. The images hold no shell and no curl.
 * Exit code 0 when the address answers with success, 1 with the reason otherwise.
 */
import { env } from 'node:process';

const [port = '8080', path = '/health/ready'] = process.argv.slice(2);
try {
  const answer = await fetch(`http://127.0.0.1:${env.PORT ?? port}${path}`, {
    signal: AbortSignal.timeout(8_000),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 500)}`);
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
