import { about } from '../about.ts';

type Install = {
  cluster: string;
  /** Where the agent finds the control plane. */
  url: string;
  token: string;
  chart: string;
  manifests: string;
  /** Where the image comes from, when not from where the chart and the manifests say. */
  registry: string | undefined;
};

const NAMESPACE = 'aetherius-agent';

/** The two ways to set up an agent, each one paste. The names are bound to letters, digits, hyphens and a checked URL, so nothing needs quoting but the URL. */
export const installCommands = ({
  cluster,
  url,
  token,
  chart,
  manifests,
  registry,
}: Install): { helm: string; kubectl: string } => ({
  helm: [
    // By the shell's own words: the token is in no list of processes. In quotes, or a cluster called 1e3 would be a number.
    `(echo 'clusterName: "${cluster}"'; echo 'url: "${url}"'; echo 'token: "${token}"') |`,
    `helm install aetherius-agent ${chart} --namespace ${NAMESPACE} --create-namespace --values -`,
    ...(registry === undefined ? [] : [`--set global.imageRegistry=${registry}`]),
  ].join(' '),
  kubectl: [
    `kubectl apply -k ${manifests} &&`,
    ...(registry === undefined
      ? []
      : [
          `kubectl set image --namespace ${NAMESPACE} deployment/aetherius-agent`,
          `collect-agent=${registry}/aetherius/collect-agent:${about.version} &&`,
        ]),
    // By the shell's own words and the server's apply: the token is in no list of processes and in no annotation.
    `(echo cluster=${cluster}; echo url='${url}'; echo token=${token}) |`,
    `kubectl create secret generic aetherius-agent-enrolment --namespace ${NAMESPACE} --from-env-file=/dev/stdin`,
    '--dry-run=client --output yaml | kubectl apply --server-side -f -',
  ].join(' '),
});
