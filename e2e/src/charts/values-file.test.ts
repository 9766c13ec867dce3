import { describe, expect, it } from '@jest/globals';
import { pathsOf } from './chart-documents.ts';
import { readmeOf } from './chart-readme.ts';
import { valuesIn } from './values-file.ts';
import { schemaOf } from './values-schema.ts';

const text = `# A word about the file
# -- How many
# @schema {"minimum": 0}
replicas: 1
image:
  # -- Where from
  registry: ghcr.io
# -- Requests and limits
resources:
  limits: { memory: 1Gi }
global:
  # -- For all
  imageRegistry: ""
list: []
`;

describe("a chart's values", () => {
  it('are listed in order, a described map as one value', () => {
    expect(valuesIn(text).map(({ path, description }) => [path.join('.'), description])).toEqual([
      ['replicas', 'How many'],
      ['image.registry', 'Where from'],
      ['resources', 'Requests and limits'],
      ['global.imageRegistry', 'For all'],
      ['list', ''],
    ]);
  });

  it('become a schema that refuses what nobody described', () => {
    const schema = schemaOf('t', valuesIn(text));
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        replicas: { type: 'integer', minimum: 0, description: 'How many' },
        image: {
          type: 'object',
          additionalProperties: false,
          properties: { registry: { $ref: '#/definitions/registry' } },
        },
        resources: { $ref: '#/definitions/resources', description: 'Requests and limits' },
        global: { additionalProperties: true },
        list: { type: 'array' },
      },
    });
    expect(Object.keys(schema['definitions'] as object).sort()).toEqual(['registry', 'resources']);
  });

  it('become a schema that misses a section, and a value that is not empty by itself', () => {
    expect(schemaOf('t', valuesIn(text))).toMatchObject({
      required: ['replicas', 'image', 'resources', 'global'],
      properties: { image: { required: ['registry'] }, global: { additionalProperties: true } },
    });
    const optional = schemaOf('t', valuesIn(text)).properties?.['global'];
    expect(optional).not.toHaveProperty('required');
  });

  it('keep the shape of their name where their comment says more', () => {
    const [value] = valuesIn('# -- s\n# @schema {"minLength": 1}\nexistingSecret: a\n');
    const { properties } = schemaOf('t', value === undefined ? [] : [value]);
    expect(properties?.['existingSecret']).toMatchObject({ type: 'string', minLength: 1, maxLength: 253 });
  });

  it('become a table, with bars that do not end a cell', () => {
    const chart = {
      name: 'n',
      version: '1',
      description: 'd',
      install: 'helm',
      values: valuesIn('# -- a|b\nx: "c|d"\n'),
    };
    expect(readmeOf(chart)).toContain('| `x` | `"c\\|d"` | a\\|b |');
  });
});

describe('the one door', () => {
  it('sends the first word of a path to its service', () => {
    expect(pathsOf({ paths: { '/api/v1/a/{id}': {}, '/api/v1/a': {}, '/api/v1/b/c/d': {} } })).toEqual([
      '/api/v1/a',
      '/api/v1/b',
    ]);
  });
});
