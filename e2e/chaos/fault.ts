import type { Stage } from './stage.ts';

/** One thing that goes wrong while events flow and repairs are under way. */
export type Fault = {
  name: string;
  /** An optional part without which it cannot happen. */
  needs?: 'redis' | 'neo4j';
  /** Why this machine cannot have it. */
  missing?: () => string | undefined;
  /** Faults of one agent's surroundings may happen at the same time as those of others. */
  alone: boolean;
  /** What the agent of this cluster is told besides; asked before it starts. */
  agent?: (stage: Omit<Stage, 'agent'>) => Promise<Record<string, string>>;
  inject: (stage: Stage) => Promise<void>;
  /** How long it lasts, by default and in full. */
  lasts?: { seconds: number; full: number };
  heal?: (stage: Stage) => Promise<void>;
  /** Takes away what it needed, once the agent is stopped. */
  close?: (stage: Stage) => Promise<void>;
  /** How long it may take afterwards until all is normal, in seconds. */
  within?: number;
  /** What is wrong besides what is counted for all faults. */
  problems?: (stage: Stage) => Promise<string[]>;
};
