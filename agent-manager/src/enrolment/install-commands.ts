type Install = {
  cluster: string;
  /** Where the agent finds the control plane. */
  url: string;
  token: string;
  chart: string;
  manifests: string;
};

const NAMESPACE = 'aetherius-agent';

/** The two ways to set up an agent, each one paste. The names are bound to letters, digits, hyphens and a checked URL, so nothing needs quoting but the URL. */
export const installCommands = ({
  cluster,
  url,
  token,
  chart,
  manifests,
}: Install): { helm: string; kubectl: string } => ({
  helm: [
    `helm install aetherius-agent ${chart} --namespace ${NAMESPACE} --create-namespace`,
    `--set clusterName=${cluster} --set url='${url}' --set token=${token}`,
  ].join(' '),
  kubectl: [
    `kubectl apply -k ${manifests} &&`,
    `kubectl create secret generic aetherius-agent-enrolment --namespace ${NAMESPACE}`,
    `--from-literal=cluster=${cluster} --from-literal=url='${url}' --from-literal=token=${token}`,
    '--dry-run=client --output yaml | kubectl apply -f -',
  ].join(' '),
});
