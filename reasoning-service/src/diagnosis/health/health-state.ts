/** How an object fares by its own status: `unclear` where it has none or where it does not say. */
export type Health = { state: 'healthy' | 'progressing' | 'finished' | 'broken' | 'unclear'; line: string };
