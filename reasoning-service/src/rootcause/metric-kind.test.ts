import { describe, expect, it } from '@jest/globals';
import { edgeKind, floorOf, isCause, metricKind } from './metric-kind.ts';

describe('metric kinds', () => {
  it.each([
    ['cpu', 'cpu'],
    ['container_cpu_usage_seconds_total', 'cpu'],
    ['CpuUsageRate(%)', 'cpu'],
    ['container_cpu_cfs_throttled_seconds_total', 'throttling'],
    ['mem', 'memory'],
    ['memory_working_set', 'memory'],
    ['container-memory-working-set-bytes', 'memory'],
    ['latency-90', 'latency'],
    ['latency_p95', 'latency'],
    ['lat50', 'latency'],
    ['http_request_duration_seconds', 'latency'],
    ['http_request_duration_seconds_count', 'traffic'],
    ['PodClientLatencyP90(s)', 'latency'],
    ['responseTime', 'latency'],
    ['error_rate', 'errors'],
    ['http_5xx', 'errors'],
    ['PodSuccessRate(%)', 'success'],
    ['availability', 'success'],
    ['requests', 'traffic'],
    ['workload', 'traffic'],
    ['PodWorkload(Ops)', 'traffic'],
    ['diskio', 'disk'],
    ['fs_writes_bytes_total', 'disk'],
    ['SyscallRead', 'disk'],
    ['socket', 'sockets'],
    ['NetworkReceiveBytes', 'network'],
    ['restarts_total', 'restarts'],
    ['tcp_retransmits', 'packet_loss'],
    ['CPUUtilization', 'cpu'],
    ['MemoryUtilization', 'memory'],
    ['TargetResponseTime', 'latency'],
    ['query_time_ms', 'latency'],
    ['request_timeouts_total', 'errors'],
    ['Faults', 'errors'],
    ['page_faults', 'memory'],
    ['RequestCount', 'traffic'],
    ['DatabaseConnections', 'sockets'],
    ['HTTPCode_Target_5XX_Count', 'errors'],
    ['UnHealthyHostCount', 'errors'],
    ['colour', 'other'],
  ])('reads %s as %s', (name, kind) => {
    expect(metricKind(name)).toBe(kind);
  });

  it('keeps causes apart from symptoms', () => {
    expect(['cpu', 'memory', 'disk', 'restarts'].every((name) => isCause(metricKind(name)))).toBe(true);
    expect(['latency', 'errors', 'requests', 'network_bytes', 'colour'].some((name) => isCause(metricKind(name)))).toBe(
      false,
    );
  });

  it('knows the floor of a percentage only where the name says so', () => {
    expect(floorOf('cpu', 'cpu_percent')).toBe(0.5);
    expect(floorOf('memory', 'MemoryUsageRate(%)')).toBe(1);
    expect(floorOf('cpu', 'cpu')).toBe(0);
  });
});

describe('metrics of calls', () => {
  it.each([
    ['latency', 'caller_latency'],
    ['client_duration_ms', 'caller_latency'],
    ['destination_latency_p50', 'callee_latency'],
    ['callee_latency', 'callee_latency'],
    ['gap', 'gap'],
    ['requests', 'traffic'],
    ['colour', 'other'],
  ])('reads %s as %s', (name, kind) => {
    expect(edgeKind(name)).toBe(kind);
  });
});
