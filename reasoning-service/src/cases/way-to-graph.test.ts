import { errors } from '@aetherius/shared/errors';
import { expect, it } from '@jest/globals';
import { wayToGraph } from './way-to-graph.ts';

const said = (code: string) => {
  const cause = Object.assign(new Error('no'), { code });
  return wayToGraph('bolt://user:secret@graph:7687')(errors.unavailable({ part: 'neo4j' }, { cause }));
};

it('a graph that refuses its user is another matter than one that is away', () => {
  expect(said('Neo.ClientError.Security.Unauthorized')).toMatch(/^set NEO4J_USER and NEO4J_PASSWORD .*graph:7687/);
  expect(said('ServiceUnavailable')).toMatch(/^start Neo4j at graph:7687, or set NEO4J_URI/);
  expect(said('Neo.ClientError.Security.Unauthorized')).not.toContain('secret');
});
