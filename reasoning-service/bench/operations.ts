/** The files of the Numenta benchmark that are metrics of machines and services, which is what the product watches. */
export const isOperations = ({ name }: { name: string }): boolean =>
  name.startsWith('realAWSCloudwatch/') ||
  /^realKnownCause\/(ambient_temperature|cpu_utilization|ec2_request_latency|machine_temperature)/.test(name);
