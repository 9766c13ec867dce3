export { BusAddress } from './bus-address.ts';
export { type Nats, type NatsOptions, type NatsUser, openNats } from './connection.ts';
export { consume, consumeBatch, type Message } from './consume.ts';
export { credsUser } from './creds-claims.ts';
export { type DeadLetters, openDeadLetters, type StoredLetter } from './dead-letters.ts';
export { awaitStreams, ensureStreams } from './ensure-streams.ts';
export { type Claims, claimsOf, credsText, signedJwt } from './jwt.ts';
export { type NkeyKind, type Signer, seedOf, signedBy, signerOf } from './nkey.ts';
export { trimStreams } from './trim-streams.ts';
