import { describe, expect, it } from '@jest/globals';
import { runbookRoutes, runbooksIn } from './alert-runbooks.ts';

const page = `# Runbooks

## Before you type

    paste this

## First

### OneDown

**Means:** one.

### TwoDown

**Means:** two.

## Second

### ThreeDown

**Means:** three.
`;

describe('the runbooks of alerts', () => {
  it('are each the section of the alert, and what its commands build on', () => {
    const runbooks = runbooksIn(page);
    expect([...runbooks.keys()]).toEqual(['OneDown', 'TwoDown', 'ThreeDown']);
    expect(runbooks.get('TwoDown')).toBe('TwoDown\n\n**Means:** two.\n\n---\n\nBefore you type\n\n    paste this\n');
  });

  it('are there for whoever is paged, and say so of an alert that is not ours', async () => {
    const [served] = runbookRoutes();
    expect(served).toMatchObject({ method: 'get', path: '/api/v1/alert-runbooks/:alert', role: 'public', text: true });
    const asked = (alert: string) => served?.handler({ params: { alert } } as never);
    await expect(asked('AetheriusAgentDown')).resolves.toContain('kubectl -n aetherius-agent get pods');
    await expect(asked('NodeDown')).rejects.toMatchObject({ code: 'not_found' });
  });
});
