/** What helps where the graph does not answer, by what it said. */
export const wayToGraph =
  (uri: string) =>
  (error: unknown): string => {
    const { host } = new URL(uri);
    return isRefusal(error)
      ? `set NEO4J_USER and NEO4J_PASSWORD to a user whom Neo4j at ${host} lets in; without NEO4J_URI cases are kept in Postgres`
      : `start Neo4j at ${host}, or set NEO4J_URI to where it is; without it cases are kept in Postgres`;
  };

function isRefusal(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown } };
  return /ClientError\.Security\./.test(String(cause?.code));
}
