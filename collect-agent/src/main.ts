import { hostname } from 'node:os';
import { join } from 'node:path';
import { createMetrics } from '@aetherius/shared/metrics';
import { requireCreds } from '@aetherius/shared/nats';
import { systemClock as clock, loadConfig, newId, runService } from '@aetherius/shared/service';
import { countCommands, countSamplingErrors, exposeAgent } from './agent-metrics.ts';
import { carryOut } from './commands/carry-out.ts';
import { openKillSwitch } from './commands/kill-switch.ts';
import { loadPolicy } from './commands/load-policy.ts';
import { openRevisionMemory } from './commands/revision-memory.ts';
import { watchRevisions } from './commands/watch-revisions.ts';
import { AgentConfig, leaderOf } from './config.ts';
import { connectionOf } from './connection.ts';
import { createDuties } from './duties.ts';
import { enrolmentOf, wayInOf, whileLetIn } from './enrolment/way-in.ts';
import { serveHealth } from './health-face.ts';
import { introductionOf } from './introduction.ts';
import { createKubeClient } from './kube/client.ts';
import { lead } from './leader/leadership.ts';
import { createLeaseContender } from './leader/lease.ts';
import { createLockContender } from './leader/lock-file.ts';
import { exposeNodes } from './metrics/node-metrics.ts';
import { startSampling } from './metrics/start-sampling.ts';
import { openBus } from './uplink/bus.ts';
import { startHeartbeat } from './uplink/heartbeat.ts';
import { startRegistration } from './uplink/register.ts';
import { requireSpool } from './uplink/require-spool.ts';
import { openUplink } from './uplink/uplink.ts';
import { exposeUplink } from './uplink/uplink-metrics.ts';
import { createVitals } from './vitals.ts';
import { startWatching } from './watch/start-watching.ts';

const VERSION = '0.1.0';

await runService('collect-agent', async ({ own, log }) => {
  const config = loadConfig(AgentConfig, process.env);
  const { CLUSTER_ID: cluster, SPOOL_DIR: folder, NAMESPACE: namespace, WATCH_NAMESPACES: namespaces } = config;
  const agentId = `${cluster}-${config.POD_UID}`;
  if (config.NATS_CREDS !== undefined) requireCreds(config.NATS_CREDS);
  await requireSpool(folder);
  const policy = loadPolicy(config.POLICY_FILE);
  const metrics = createMetrics('collect-agent');

  const client = own('kubernetes', createKubeClient(await connectionOf(config)));
  const enrolment = enrolmentOf({ config, client, clock, log });
  if (enrolment !== undefined) own('enrolment', enrolment);
  const bus = own('nats', openBus({ wayIn: wayInOf(config, enrolment), cluster, metrics }, log));
  const maxBytes = config.SPOOL_MAX_BYTES;
  const uplink = own('uplink', await openUplink({ bus, folder, maxBytes, cluster, agentId, clock, log }));
  exposeUplink(metrics, uplink);
  const killSwitch = openKillSwitch(join(folder, 'kill-switch'));
  const memory = openRevisionMemory({ file: join(folder, 'healthy-revisions.json'), clock });

  const identity = `${hostname()}_${newId()}`;
  const candidate =
    leaderOf(config) === 'lease'
      ? createLeaseContender({ client, namespace, identity, clock })
      : createLockContender({ file: join(folder, 'leader.lock'), identity, clock });
  const contender = whileLetIn(candidate, enrolment);
  const prometheus =
    config.PROMETHEUS_URL === undefined
      ? undefined
      : own('prometheus', createKubeClient({ server: config.PROMETHEUS_URL }));
  const samplingFailed = countSamplingErrors(metrics);
  const nodes = exposeNodes(metrics, clock);
  const duties = createDuties({
    bus,
    log,
    watch: () => startWatching({ client, cluster, agentId, namespaces, clock, log, metrics, emit: uplink.sendEvent }),
    sample: ({ view, health }) => {
      const hide = nodes.show(view);
      const sampling = startSampling({
        client,
        prometheus,
        bus,
        facts: view,
        ready: () => Object.values(health()).every(({ synced }) => synced),
        cluster,
        namespaces,
        clock,
        log,
        failed: samplingFailed,
        sampled: nodes.sampled,
      });
      return {
        stop: async () => {
          hide();
          await sampling.stop();
        },
      };
    },
    watchRevisions: () => watchRevisions({ client, namespaces, memory, clock, log }),
    commands: {
      cluster,
      leading: contender.leading,
      rules: () => ({
        ownNamespace: namespace,
        policy,
        changesAllowed: config.ALLOW_CHANGES,
        killSwitch: killSwitch.on(),
      }),
      carryOut: (order) => carryOut({ client, clock, killSwitch, readyFor: memory.readyFor }, order),
      report: uplink.sendResult,
      ended: countCommands(metrics),
      clock,
      log,
    },
  });
  const leadership = own('leadership', lead({ contender, clock, log, ...duties }));

  const changesAllowed = config.ALLOW_CHANGES;
  exposeAgent({ metrics, leading: contender.leading, killSwitchOn: killSwitch.on, changesAllowed, duties });
  const vitals = createVitals({ bus, enrolment, uplink, duties, killSwitch, leadership, leading: contender.leading });
  own('heartbeat', startHeartbeat({ bus, cluster, agentId, vitals: vitals.heartbeat, clock, log }));
  const introduction = introductionOf({ client, config, agentId, version: VERSION, startedAt: clock.now() });
  own('registration', startRegistration({ bus, introduction, log }));
  const { port } = own(
    'http',
    await serveHealth({
      port: config.PORT,
      host: config.LISTEN_HOST,
      version: VERSION,
      ready: vitals.readiness,
      metrics,
    }),
  );
  log.info({ cluster_id: cluster, agent_id: agentId, port, changes_allowed: config.ALLOW_CHANGES }, 'agent is up');
});
