import { describe, expect, it } from '@jest/globals';
import { imagesOf } from './images-of.ts';
import { imagesTable, withImages } from './images-table.ts';
import { chartImages, composeImages } from './listed-images.ts';

describe('the images that values name', () => {
  it('carry their registry, and the version of the chart where they have no tag', () => {
    const values = `
manager: { image: { registry: ghcr.io, repository: aetherius/agent-manager, tag: "" } }
nats: { bundled: { enabled: false, image: { registry: docker.io, repository: library/nats, tag: 2.15.0-alpine } } }
`;
    expect(chartImages(values, '1.2.3')).toEqual([
      {
        name: 'ghcr.io/aetherius/agent-manager:1.2.3',
        place: 'aetherius/agent-manager:1.2.3',
        target: 'agent-manager',
        named: 'manager.image',
      },
      {
        name: 'docker.io/library/nats:2.15.0-alpine',
        place: 'library/nats:2.15.0-alpine',
        named: 'nats.bundled.image',
        needs: 'nats.bundled.enabled',
      },
    ]);
  });
});

describe('the images of a compose file', () => {
  it('are those that it runs without any variable, each once, by the service that needs least', () => {
    const image = `\${AETHERIUS_POSTGRES_IMAGE:-postgres:18.3-bookworm}`;
    const own = `\${AETHERIUS_REPOSITORY:-aetherius}/setup:\${AETHERIUS_VERSION:-0.1.0}`;
    const text = `
x-tool: &tool { image: "${image}" }
services:
  postgres: { image: "${image}" }
  backup: { <<: *tool, profiles: [tools] }
  invite: { image: "${own}", profiles: [demo] }
`;
    expect(composeImages(text)).toEqual([
      { name: 'postgres:18.3-bookworm', place: 'postgres:18.3-bookworm', named: 'AETHERIUS_POSTGRES_IMAGE' },
      {
        name: 'aetherius/setup:0.1.0',
        place: 'aetherius/setup:0.1.0',
        target: 'setup',
        named: 'AETHERIUS_REPOSITORY',
        needs: '--profile demo',
      },
    ]);
  });
});

describe('the images of this repository', () => {
  it('are all named by a value or a variable, and the four services are among them', () => {
    for (const way of ['charts', 'compose'] as const) {
      const images = imagesOf(way);
      expect(images.filter(({ name, named }) => named === '' || !/:v?\d/.test(name))).toEqual([]);
      expect(images.map(({ target }) => target)).toEqual(
        expect.arrayContaining(['agent-manager', 'orchestrator-service', 'reasoning-service', 'collect-agent']),
      );
    }
  });

  it('stand in their place of a page and nowhere else', () => {
    const table = imagesTable({ charts: imagesOf('charts'), compose: [] });
    const page = withImages('a\n<!-- images -->\nold\n<!-- /images -->\nb\n', table);
    expect(page).toContain('| `ghcr.io/aetherius/collect-agent:');
    expect(withImages(page, table)).toBe(page);
    expect(() => withImages('none', table)).toThrow('no place for the images');
  });
});
