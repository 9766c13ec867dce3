import { expect, it } from '@jest/globals';
import { columnOf } from './column.ts';

it.each([
  ['cart/cpu', 'cart', 'cpu'],
  ['a/b::c/latency', 'a/b::c', 'latency'],
  ['cart_cpu', 'cart', 'cpu'],
  ['ts-auth-mongo_cpu', 'ts-auth-mongo', 'cpu'],
  ['redis_cart_mem', 'redis_cart', 'mem'],
  ['cart_service_cpu_usage', 'cart_service', 'cpu_usage'],
  ['front_latency-90', 'front', 'latency-90'],
  ['shop_container_memory_working_set_bytes', 'shop', 'container_memory_working_set_bytes'],
  ['pay_request_gateway_cpu', 'pay_request_gateway', 'cpu'],
  ['front_mesh-latency-90', 'front', 'mesh-latency-90'],
])('cuts %s into %s and %s', (header, entity, metric) => {
  expect(columnOf(header)).toEqual({ entity, metric });
});

it.each(['time.1', 'cpu', 'front_colour', '_cpu'])('does not guess at %s', (header) => {
  expect(columnOf(header)).toBeUndefined();
});
