import type { BundleEvent, Category, Subject } from '@aetherius/shared/contracts';
import { addressOf, dependencyOf } from '../dependency/dependency.ts';
import { citeEvents, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import type { Rule } from '../hypothesis.ts';
import { statementsOf } from '../messages/log-line.ts';
import { type Cause, causeIn } from '../messages/log-signature.ts';
import { answerIn } from '../messages/probe.ts';
import { finding, groupBy } from '../said.ts';

type Told = { about: Subject; event: BundleEvent; cause: Cause };

/** Of these a program that answers its probe can only be the victim. */
const outside: ReadonlySet<Category> = new Set(['dependency_unreachable', 'dns_failure']);
/** Everybody has one of his own at these. */
const atHome = /^(?:\w{2,20}:\/\/)?(?:localhost|127\.|0\.0\.0\.0|\[?::1)/i;

/** Whom programs lack by the words with which they answer their probes. */
export const probeWords = (facts: Facts): Told[] =>
  facts.events({ kind: 'Pod', reason: ['Unhealthy'] }).flatMap((event) => {
    const [statement] = statementsOf([answerIn(event.message) ?? '']);
    const cause = statement && causeIn(statement);
    if (cause === undefined || !outside.has(cause.category) || cause.target === '' || atHome.test(cause.target))
      return [];
    return [{ about: subjectOf(event), event, cause }];
  });

/** One answer may be that of a start. */
const OFTEN = 3;

/** A probe that fails because the program says that somebody else does not answer: that is the fault. */
export const tellingProbe: Rule = (facts) =>
  groupBy(probeWords(facts), ({ about, cause }) => `${cause.category} ${keyOf(facts.top(about))}`).flatMap((group) => {
    const [first] = group;
    const count = group.reduce((sum, { event }) => sum + event.count, 0);
    if (first === undefined || count < OFTEN) return [];
    const { about, event, cause } = first;
    const target = dependencyOf(facts, cause, about.namespace);
    return finding({
      category: cause.category,
      subject: facts.top(about),
      ...(target === undefined ? {} : { cause: target }),
      address: addressOf(cause, about.namespace),
      description: `${cause.description}: its probe is answered with: ${event.message.slice(0, 300)}`,
      weight: 0.85,
      evidence: citeEvents(
        group.map((one) => one.event),
        2,
      ),
      affects: group.map((one) => one.about),
    });
  });
