import { z } from 'zod';

const ADDRESS = /^((nats|tls):\/\/[^\s,/]+\/?|wss?:\/\/[^\s,/][^\s,]*)$/;
const isSocket = (address: string): boolean => /^wss?:/.test(address);
const addressesIn = (text: string): string[] => text.split(',').map((address) => address.trim());

/** Where the bus is: one address or several with commas between them. Over any other scheme the client would speak plain text to a port that it guessed. */
export const BusAddress = z
  .string()
  .min(1)
  .transform((text) => addressesIn(text).join(','))
  .refine(
    (text) => addressesIn(text).every((address) => ADDRESS.test(address)),
    'must be an address of the bus such as nats://bus.example.com:4222 or tls://…, ws://… or wss://…, or several with commas between them',
  )
  .refine(
    (text) => new Set(addressesIn(text).map(isSocket)).size === 1,
    'must not name WebSockets (ws, wss) beside other addresses',
  );
