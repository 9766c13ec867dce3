import { describe, expect, it } from '@jest/globals';
import { inShort, pasted } from '../../test/pasted.ts';

const events = `NAMESPACE  LAST SEEN  TYPE     REASON                OBJECT              MESSAGE
dairy      39m        Normal   SuccessfulCreate      job/churn-29384640  Created pod: churn-29384640-c7xqk
dairy      38m        Warning  BackoffLimitExceeded  job/churn-29384640  Job has reached the specified backoff limit
`;
const broken = "+ cd /churn\n+ sh turn.sh\nturn.sh: line 4: syntax error near unexpected token `done'\n";
const found = (file: string, text = broken) => pasted({ 'events.txt': events, [file]: text });

describe('the log of a pod that a Job made', () => {
  it('says why the Job failed', () => {
    expect(inShort(found('churn-29384640-c7xqk.log'))).toBe('job_script_error Job dairy/churn-29384640');
    expect(found('churn-29384640-c7xqk.log').cut).toEqual([]);
  });
  it('is told to be left out where nothing tells who wrote it', () => {
    const told = found('shaker-7d9f8c6b5d-zz9xk.log', '2026-11-20T10:00:00Z INFO shaken\n');
    expect(inShort(told)).toBe('job_failed_backoff Job dairy/churn-29384640');
    expect(told.cut.join()).toMatch(/shaker-7d9f8c6b5d-zz9xk\.log: nothing tells which pod wrote/);
  });
});
