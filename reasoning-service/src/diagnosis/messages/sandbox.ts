import { anyOf } from './any-of.ts';
/** Why a pod's sandbox cannot be made. */
export type SandboxProblem = { why: 'no_address' | 'plugin' | 'runtime'; words: string };

const sandbox =
  /^Failed to create pod sandbox|^Failed to setup network for pod|^network is not ready|^"Container runtime network not ready"|^failed to "(?:CreatePodSandbox|KillPodSandbox)"|^Error syncing pod, skipping: network is not ready/i;
const noAddress = anyOf(
  /no (?:more )?(?:available )?IPs? (?:addresses )?(?:available|left)|no IP addresses available/i,
  /failed to (?:assign|allocate|request) an? (?:IP|ip)|add cmd: failed to assign an IP address/i,
  /IP ?pool.{0,60}exhausted|range is full|no available (?:IP|address)|no free (?:IP|address)/i,
  /not enough (?:IPs|free addresses)|InsufficientFreeAddressesInSubnet|all (?:pod )?IPs are in use/i,
);
const plugin =
  /cni|network plugin|networkPlugin|network is not ready|NetworkPluginNotReady|calico|cilium|flannel|weave|multus|aws-cni|bridge|loopback|veth/i;

/** Reads FailedCreatePodSandBox and NetworkNotReady: no address left, the network plugin, or the runtime itself. */
export function parseSandbox(message: string): SandboxProblem | undefined {
  if (noAddress.test(message)) return { why: 'no_address', words: 'no IP address is left for the pod' };
  if (!sandbox.test(message)) return undefined;
  return plugin.test(message)
    ? { why: 'plugin', words: 'the network plugin cannot set up the pod' }
    : { why: 'runtime', words: 'the container runtime cannot make the sandbox' };
}
