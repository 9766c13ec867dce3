/** A kubeconfig for the simulated cluster, which asks nobody who he is; JSON is YAML. */
export const simulatedKubeconfig = (server: string): string =>
  `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'simulated',
      contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'anyone' } }],
      clusters: [{ name: 'simulated', cluster: { server } }],
      users: [{ name: 'anyone', user: {} }],
    },
    undefined,
    2,
  )}\n`;
