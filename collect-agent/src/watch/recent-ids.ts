/** Remembers the latest ids, so that a re-list does not tell everything twice; the manager would drop it, but only after the way there. */
export function createRecentIds(most: number) {
  const ids = new Set<string>();
  return {
    /** True the first time an id is seen. */
    add: (id: string): boolean => {
      if (ids.has(id)) return false;
      ids.add(id);
      const oldest = ids.values().next();
      if (ids.size > most && !oldest.done) ids.delete(oldest.value);
      return true;
    },
  };
}
