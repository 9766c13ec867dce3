import {
  Advice,
  Bundle,
  type Diagnosis,
  Diagnosis as DiagnosisSchema,
  Recommendation,
  Timestamp,
} from '@aetherius/shared/contracts';
import { type Route, route } from '@aetherius/shared/http';
import { redactDeep } from '@aetherius/shared/redact';
import { newId } from '@aetherius/shared/service';
import { z } from 'zod';
import type { Explainer } from '../llm/explain.ts';
import { type Language, languageCodes } from '../llm/languages.ts';
import { createReportMask } from '../llm/secrets.ts';
import { reportOf } from '../offline/report.ts';
import { type Answering, answerTo } from './answer.ts';

const AnalysisRequest = z.object({
  request_id: z.string().min(1).max(100).optional(),
  context: z.object({ bundle: Bundle, reasons: z.array(z.string()).default([]) }),
  options: z
    .object({
      min_confidence: z.number().min(0).max(1).default(0),
      max_recommendations: z.int().min(0).max(20).default(5),
      language: z
        .enum(languageCodes)
        .optional()
        .describe('Of the explanation and of the headings of a report, when not the usual one'),
    })
    .default({ min_confidence: 0, max_recommendations: 5 }),
});
type AnalysisRequest = z.infer<typeof AnalysisRequest>;

const AnalysisResponse = z.object({
  request_id: z.string(),
  status: z.enum(['answered', 'abstained']),
  result: DiagnosisSchema,
  explanation: z.string().nullable(),
  processing_ms: z.number(),
  timestamp: Timestamp,
});

type Needs = Answering & {
  explain: Explainer;
  /** Of reports, where none is asked for. */
  language: Language;
};

/** An answer that is not sure enough for the asker is an abstention for him. */
function asAsked(diagnosis: Diagnosis, { options }: AnalysisRequest): Diagnosis {
  const sure = diagnosis.confidence >= options.min_confidence;
  return {
    ...diagnosis,
    status: sure ? diagnosis.status : 'abstained',
    recommendations: sure ? diagnosis.recommendations.slice(0, options.max_recommendations) : [],
    advice: sure ? diagnosis.advice.slice(0, options.max_recommendations) : [],
  };
}

async function explained(body: AnalysisRequest, explain: Explainer, answering: Answering) {
  const { context, options } = body;
  const { diagnosis, structure } = await answerTo(context, answering);
  const asked = { ...context, incident_id: null, language: options.language };
  const result = await explain({ ...asked, diagnosis: asAsked(diagnosis, body) });
  return { result: redactDeep(result, createReportMask(context.bundle)), structure };
}

/** Diagnosis of a bundle over REST, for people and tools; an incident's own way goes over the bus. */
export const analysisRoutes = ({ explain, language, ...answering }: Needs): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/analyze/root-cause',
    summary: 'Why the subject of a bundle is broken',
    role: 'viewer',
    request: { body: AnalysisRequest },
    response: AnalysisResponse,
    handler: async ({ body }) => {
      const { clock, learning } = answering;
      const started = clock.monotonic();
      const { result, structure } = await explained(body, explain, answering);
      const request_id = body.request_id ?? newId();
      const at = clock.now().toISOString();
      await learning.answeredRequest({ incident_id: request_id, diagnosis: result, structure, at });
      return {
        request_id,
        status: result.status,
        result,
        explanation: result.explanation?.text ?? null,
        processing_ms: clock.monotonic() - started,
        timestamp: clock.now().toISOString(),
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/analyze/report',
    summary: 'The same as a report in Markdown, made to be passed on',
    role: 'viewer',
    request: { body: AnalysisRequest },
    response: z.object({ markdown: z.string() }),
    handler: async ({ body }) => {
      const { result } = await explained(body, explain, answering);
      const { bundle } = body.context;
      const findings = { ...result, further_findings: [], unread: [], cut: bundle.cut };
      const masked = redactDeep(findings, createReportMask(bundle));
      return { markdown: reportOf(masked, body.options.language ?? language) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/analyze/recommend',
    summary: 'What to do about it, from the typed catalogue',
    role: 'viewer',
    request: { body: AnalysisRequest },
    response: z.object({
      root_cause: z.string(),
      recommendations: z.array(Recommendation),
      advice: z.array(Advice),
    }),
    handler: async ({ body }) => {
      const { diagnosis } = await answerTo(body.context, answering);
      const { category, recommendations, advice } = asAsked(diagnosis, body);
      const remedies = redactDeep({ recommendations, advice }, createReportMask(body.context.bundle));
      return { root_cause: category, ...remedies };
    },
  }),
];
