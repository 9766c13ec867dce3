import type { Bed } from './bed.ts';
import type { Loaded } from './node-images.ts';

/** What is needed to set things up in pods as a person would. */
export type Pods = Loaded & {
  bed: Bed;
  folder: string;
  /** Runs a command as it is printed or documented, at the top of the checkout. */
  shell(command: string): Promise<string>;
  report(line: string): void;
};
