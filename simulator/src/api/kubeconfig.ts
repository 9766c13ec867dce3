/** A kubeconfig (JSON is YAML) for a simulated cluster; the Node client speaks plain HTTP only when told to skip TLS. */
export const kubeconfig = (address: string, token?: string): string =>
  `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'simulator', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'simulator', user: token === undefined ? {} : { token } }],
      contexts: [{ name: 'simulator', context: { cluster: 'simulator', user: 'simulator' } }],
      'current-context': 'simulator',
    },
    null,
    2,
  )}\n`;
