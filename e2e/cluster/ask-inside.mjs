// Runs in the agent's own container, with nothing but what that container has: answers on stdout, as JSON, whether the
// agent is ready and which of the rights on stdin its account has.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const server = {
  host,
  port,
  ca: readFileSync(`${account}/ca.crt`),
  agent: new Agent({ keepAlive: true, maxSockets: 8 }),
};
const authorization = `Bearer ${readFileSync(`${account}/token`, 'utf8')}`;
const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const isAllowed = ({ group, resource: named, verb, namespace }) =>
  new Promise((resolve, reject) => {
    const [resource, subresource] = named.split('/');
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { group, resource, subresource, verb, namespace } },
    };
    const headers = { authorization, 'content-type': 'application/json' };
    const asking = request({ ...server, path, method: 'POST', headers }, async (answer) => {
      const text = (await answer.toArray()).join('');
      if (answer.statusCode !== 201) reject(new Error(`${answer.statusCode}: ${text}`));
      else resolve(JSON.parse(text).status.allowed);
    });
    asking.on('error', reject).end(JSON.stringify(review));
  });

const ready = await fetch('http://127.0.0.1:8083/health/ready');
const rights = JSON.parse(readFileSync(0, 'utf8'));
const allowed = await Promise.all(rights.map(isAllowed));
console.log(
  JSON.stringify({ status: ready.status, health: await ready.json(), allowed: rights.filter((_, at) => allowed[at]) }),
);
server.agent.destroy();
