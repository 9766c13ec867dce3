import { anyOf } from './any-of.ts';
import type { Statement } from './log-line.ts';

/** With which frameworks and launchers tell that a program did not come up, in whatever it failed. */
const heads = anyOf(
  /\bhost terminated unexpectedly[.!: ]*$|\b(?:application|app|program|process|main|context|boot(?:strap(?:ping)?)?|start-?up|initiali[sz]ation|launch)(?: run)? (?:has )?(?:failed|terminated unexpectedly|exited|ended|crashed|aborted|error|exception)(?: (?:to (?:start|boot|run|initiali[sz]e)|with (?:an )?(?:error|exception)|during (?:startup|boot|initiali[sz]ation)))?[.!: ]*$/i,
  /\b(?:failed|unable|could not|cannot) (?:to )?(?:start|boot|run|launch|initiali[sz]e|bootstrap|refresh|load)(?: (?:the|up|an?|(?=\w{0,40}(?:application|context|server|app|service|bean|component|container))\w{1,80}\b|['"[][^'"\]]{1,200}['"\]]|\([^)]{1,100}\)))*[.!: ]*$/i,
  /\bError creating bean with name\b|\bApplicationContextException: (?:Failed|Unable) to start\b|\bError starting (?:ApplicationContext|application)\b/i,
  /\b(?:an )?unhandled (?:exception|error)(?: (?:has )?occurred)?[.!: ]*$|\b(?:command|process) (?:failed|exited) with (?:exit )?(?:code|status) \d{1,3}[.!: ]*$|\bELIFECYCLE\b|^exit(?:ing|ed)?\b[.!: ]*$/i,
  /\bCould not create the Java Virtual Machine\b|\bA fatal exception has occurred\. Program will exit\b/,
  /\b(?:ExecutionException|CompletionException|InvocationTargetException|UndeclaredThrowableException|ProvisionException)[.!: ]*$/,
);

/** Whether a statement only tells that something else ended the program: why stands below it, before it or nowhere. */
export const isWrapper = ({ text }: Statement): boolean => heads.test(text);
