{{/* The services by the key of their values; the name is also the component, the image's default and the user on the bus. Each pod opens as many connections to Postgres. */}}
{{- define "aetherius.services" -}}
manager: { name: agent-manager, port: 8080, connections: 10 }
orchestrator: { name: orchestrator-service, port: 8081, connections: 20 }
reasoning: { name: reasoning-service, port: 8082, connections: 10 }
{{- end -}}

{{/* Connections to Postgres at the most: one pod more of each service while it is rolled out, and ten for Jobs and people. */}}
{{- define "aetherius.databaseConnections" -}}
{{- $all := 10 -}}
{{- range $key, $service := include "aetherius.services" . | fromYaml -}}
{{- $settings := index $.Values $key -}}
{{- $most := ternary $settings.autoscaling.maxReplicas $settings.replicaCount $settings.autoscaling.enabled -}}
{{- $all = add $all (mul (add1 $most) $service.connections) -}}
{{- end -}}
{{- $all -}}
{{- end -}}

{{/* What the release itself brings, such as a database of its own, is not there before the first install: then the services migrate when they start. Argo CD takes an upgrade's hook for one of the first install too, and would wait for that database before it starts it. */}}
{{- define "aetherius.migrateHook" -}}
{{- if include "aetherius.databaseIsThere" . -}}
helm.sh/hook: pre-install,pre-upgrade
{{- else -}}
helm.sh/hook: pre-upgrade
argocd.argoproj.io/hook: Skip
{{- end }}
{{- end -}}

{{/* The programs that bring the schemas up to date, as values of the label of components. */}}
{{- define "aetherius.migrating" -}}
{{- range $_, $service := include "aetherius.services" . | fromYaml }}
- {{ $service.name }}-migrate
{{- end }}
{{- end -}}

{{/* What holds for one service: its own value where it has one, else the value for all. Call with root and key. */}}
{{- define "aetherius.settings" -}}
{{- $own := index .root.Values .key -}}
{{- $all := pick .root.Values "podAnnotations" "podLabels" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "priorityClassName" -}}
{{- range $name, $value := $all -}}
{{- if not (index $own $name) }}{{ $own = set (deepCopy $own) $name $value }}{{ end -}}
{{- end -}}
{{ toYaml $own }}
{{- end -}}

{{- define "aetherius.serviceAccountName" -}}
{{- $account := .settings.serviceAccount -}}
{{- $made := printf "%s-%s" (include "aetherius.fullname" .root) .component -}}
{{- default (ternary $made "default" $account.create) $account.name -}}
{{- end -}}

{{- define "aetherius.natsUrl" -}}
{{- if .Values.nats.url -}}
{{ .Values.nats.url }}
{{- else -}}
{{ printf "%s://%s-nats.%s.svc:4222" (ternary "tls" "nats" (not (empty .Values.nats.bundled.tlsSecret))) (include "aetherius.fullname" .) .Release.Namespace }}
{{- end -}}
{{- end -}}

{{/* What all services share and a person may want to change: one object to patch. */}}
{{- define "aetherius.sharedSettings" -}}
NATS_URL: {{ include "aetherius.natsUrl" . | quote }}
LOG_LEVEL: {{ .Values.logLevel }}
{{- if and .Values.migrations.hook.enabled (include "aetherius.databaseIsThere" .) }}
MIGRATIONS: expected
{{- end }}
{{- range $what, $days := .Values.retention }}
RETENTION_{{ $what | snakecase | upper }}_DAYS: {{ $days | int | quote }}
{{- end }}
{{- include "aetherius.tracingSettings" . }}
{{- end -}}

{{/* Whether the database is there before anything of the release is. */}}
{{- define "aetherius.databaseIsThere" -}}
{{- if and (empty .Values.database.url) (not .Values.postgres.bundled.enabled) }}true{{ end -}}
{{- end -}}

{{- define "aetherius.databaseSecret" -}}
{{- ternary (printf "%s-database" (include "aetherius.fullname" .)) .Values.database.existingSecret (not (empty .Values.database.url)) -}}
{{- end -}}

{{/* Call with root and the settings of the service. */}}
{{- define "aetherius.databaseKey" -}}
{{- $own := default .root.Values.database.existingSecretKey .settings.databaseKey -}}
{{- ternary "url" $own (not (empty .root.Values.database.url)) -}}
{{- end -}}

{{/* Call with root and the settings of the service. */}}
{{- define "aetherius.databaseEnv" -}}
{{- $key := include "aetherius.databaseKey" . -}}
{{- with .root -}}
{{- if .Values.database.asFile -}}
- name: DATABASE_URL_FILE
  value: /etc/aetherius/database-address/url
{{- else -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "aetherius.databaseSecret" . }}
      key: {{ $key }}
{{- end }}
{{- if .Values.database.passwordSecret }}
- name: DATABASE_PASSWORD_FILE
  value: /etc/aetherius/database/password
{{- end }}
{{- end }}
{{- end -}}

{{/* A whole folder is mounted, because only then a changed Secret reaches a running pod. */}}
{{- define "aetherius.databaseVolume" -}}
{{- $key := include "aetherius.databaseKey" . -}}
{{- $passwordKey := default .root.Values.database.passwordSecretKey .settings.databasePasswordKey -}}
{{- with .root -}}
{{- if .Values.database.asFile }}
- name: database-address
  mountPath: /etc/aetherius/database-address
  source:
    secret: { secretName: {{ include "aetherius.databaseSecret" . }}, defaultMode: 0440, items: [{ key: {{ $key }}, path: url }] }
{{- end }}
{{- with .Values.database }}
{{- if .passwordSecret }}
- name: database
  mountPath: /etc/aetherius/database
  source:
    secret: { secretName: {{ .passwordSecret }}, defaultMode: 0440, items: [{ key: {{ $passwordKey }}, path: password }] }
{{- end }}
{{- with .caSecret }}
- name: database-ca
  mountPath: /etc/aetherius/database-ca
  source:
    secret: { secretName: {{ . }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The environment of a Job that migrates. Call with root and the settings of the service. */}}
{{- define "aetherius.migrateEnv" -}}
{{- include "aetherius.databaseEnv" . }}
{{- include "aetherius.trustEnv" (dict "trust" .root.Values.trust "alone" "") }}
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel }}
{{- end -}}

{{/* The volumes of a Job that migrates. Call with root and the settings of the service. */}}
{{- define "aetherius.migrateVolumes" -}}
{{- include "aetherius.databaseVolume" . }}
{{- include "aetherius.trustVolume" (dict "trust" .root.Values.trust "alone" "") }}
{{- end -}}

{{/* The environment of one service. Call with root, component and settings. */}}
{{- define "aetherius.env" -}}
{{- $values := .root.Values -}}
# First, because only what comes after it may refer to it.
- name: NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
{{ include "aetherius.databaseEnv" . }}
- name: NATS_CREDS
  value: /etc/aetherius/nats/service.creds
{{- include "aetherius.trustEnv" (dict "trust" $values.trust "alone" $values.nats.caSecret) }}
{{- include "aetherius.tracingEnv" .root }}
{{ include (printf "aetherius.env.%s" .component) .root | trim }}
{{- end -}}

{{- define "aetherius.env.agent-manager" -}}
- name: BUS_REPLICAS
  value: {{ .Values.nats.replicas | quote }}
{{- if .Values.enrolment.publicUrl }}
- name: PUBLIC_URL
  value: {{ .Values.enrolment.publicUrl | quote }}
- name: NATS_ISSUER_FILE
  value: /etc/aetherius/nats/issuer.json
- name: AGENT_JWT_SECONDS
  value: {{ .Values.enrolment.jwtSeconds | quote }}
- name: AGENT_CHART
  value: {{ .Values.enrolment.agentChart | quote }}
- name: AGENT_MANIFESTS
  value: {{ .Values.enrolment.agentManifests | quote }}
{{- with .Values.global.imageRegistry }}
- name: AGENT_IMAGE_REGISTRY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.enrolment.busUrl }}
- name: NATS_PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- if .Values.nats.caSecret }}
- name: NATS_CA_FILE
  value: /etc/aetherius/nats-ca/ca.crt
{{- end }}
{{- end }}
- name: AUTH_PRIVATE_KEY_FILE
  value: /etc/aetherius/auth/access-token.key
- name: AUTH_PUBLIC_KEY_FILE
  value: /etc/aetherius/auth/access-token.pub
- name: AETHERIUS_BOOTSTRAP_TOKEN_FILE
  value: /etc/aetherius/auth/bootstrap-token
{{- with .Values.redis }}
{{- if .url }}
- name: REDIS_URL
  value: {{ .url | quote }}
{{- else if .existingSecret }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: { name: {{ .existingSecret }}, key: {{ .existingSecretKey }} }
{{- end }}
{{- end }}
{{- end -}}

{{- define "aetherius.env.orchestrator-service" -}}
- name: AUTH_PUBLIC_KEY_FILE
  value: /etc/aetherius/auth/access-token.pub
- name: PROTECTED_NAMESPACES
  value: {{ append (default list .Values.protectedNamespaces) "$(NAMESPACE)" | uniq | join "," | quote }}
{{- if .Values.definitions.workflowsConfigMap }}
- name: DEFINITIONS_DIR
  value: /etc/aetherius/definitions
{{- end }}
{{- with .Values.notify.existingSecret }}
- name: NOTIFY_WEBHOOK_URL
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: url }
- name: NOTIFY_WEBHOOK_SECRET
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: secret, optional: true }
{{- end }}
{{- end -}}

{{- define "aetherius.env.reasoning-service" -}}
- name: AUTH_PUBLIC_KEY_FILE
  value: /etc/aetherius/auth/access-token.pub
{{- with .Values.neo4j }}
{{- if .uri }}
- name: NEO4J_URI
  value: {{ .uri | quote }}
{{- with .existingSecret }}
- name: NEO4J_USER
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: username }
- name: NEO4J_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: password }
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.runbooksConfigMap }}
- name: RUNBOOKS_DIR
  value: /etc/aetherius/runbooks
{{- end }}
{{- with .Values.llm }}
{{- if ne .provider "off" }}
- name: LLM_PROVIDER
  value: {{ .provider }}
- name: LLM_MODEL
  value: {{ required "llm.model is needed with a provider" .model | quote }}
- name: LLM_LANGUAGE
  value: {{ .language }}
{{- if eq .provider "openai" }}
- name: LLM_BASE_URL
  value: {{ required "llm.baseUrl is needed with the provider openai" .baseUrl | quote }}
{{- else if .baseUrl }}
- name: LLM_BASE_URL
  value: {{ .baseUrl | quote }}
{{- end }}
{{- if .existingSecret }}
- name: LLM_API_KEY_FILE
  value: /etc/aetherius/llm/api-key
{{- end }}
{{- if .budget }}
- name: LLM_BUDGET_FILE
  value: /etc/aetherius/llm-budget/llm-budget.yaml
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Volumes of one service as a list of name, source and mount; one list makes both halves of the pod. */}}
{{/* The budget of the language model as YAML; the chart once took it as text, and still does. */}}
{{- define "aetherius.llmBudget" -}}
{{- kindIs "string" .Values.llm.budget | ternary .Values.llm.budget (toYaml .Values.llm.budget) }}
{{- end -}}

{{- define "aetherius.volumes" -}}
{{- $values := .root.Values -}}
{{- $full := include "aetherius.fullname" .root -}}
{{- $component := .component -}}
{{- $auth := ternary (list "access-token.key" "access-token.pub" "bootstrap-token") (list "access-token.pub") (eq $component "agent-manager") -}}
- name: nats-creds
  mountPath: /etc/aetherius/nats
  source:
    secret:
      secretName: {{ $values.nats.existingSecret }}
      defaultMode: 0440
      items:
        - { key: {{ $component }}.creds, path: service.creds }
        {{- if and (eq $component "agent-manager") $values.enrolment.publicUrl }}
        - { key: issuer.json, path: issuer.json }
        {{- end }}
- name: auth
  mountPath: /etc/aetherius/auth
  source:
    secret:
      secretName: {{ $values.auth.existingSecret }}
      defaultMode: 0440
      items:
        {{- range $auth }}
        - { key: {{ . }}, path: {{ . }} }
        {{- end }}
{{- include "aetherius.databaseVolume" . }}
{{- include "aetherius.trustVolume" (dict "trust" $values.trust "alone" $values.nats.caSecret) }}
{{- if and (eq $component "agent-manager") $values.enrolment.publicUrl }}
{{- with $values.nats.caSecret }}
- name: nats-ca
  mountPath: /etc/aetherius/nats-ca
  source:
    secret: { secretName: {{ . }}, items: [{ key: ca.crt, path: ca.crt }] }
{{- end }}
{{- end }}
{{- if eq $component "orchestrator-service" }}
{{- with $values.definitions.workflowsConfigMap }}
- name: workflows
  mountPath: /etc/aetherius/definitions/workflows
  source:
    configMap: { name: {{ . }} }
- name: strategies
  mountPath: /etc/aetherius/definitions/strategies
  source:
    configMap: { name: {{ required "definitions.strategiesConfigMap is needed with definitions.workflowsConfigMap" $values.definitions.strategiesConfigMap }} }
{{- end }}
{{- end }}
{{- if eq $component "reasoning-service" }}
{{- with $values.runbooksConfigMap }}
- name: runbooks
  mountPath: /etc/aetherius/runbooks
  source:
    configMap: { name: {{ . }} }
{{- end }}
{{- if ne $values.llm.provider "off" }}
{{- with $values.llm.existingSecret }}
- name: llm-key
  mountPath: /etc/aetherius/llm
  source:
    secret: { secretName: {{ . }}, defaultMode: 0440, items: [{ key: api-key, path: api-key }] }
{{- end }}
{{- if $values.llm.budget }}
- name: llm-budget
  mountPath: /etc/aetherius/llm-budget
  source:
    configMap: { name: {{ $full }}-llm-budget }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Fails on a schedule that a CronJob would not take, in words. */}}
{{- define "aetherius.checkSchedule" -}}
{{- $schedule := . -}}
{{- $names := list
  "[0-5]?[0-9]" "([01]?[0-9]|2[0-3])" "(0?[1-9]|[12][0-9]|3[01])"
  "(0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)" "([0-6]|sun|mon|tue|wed|thu|fri|sat)"
-}}
{{- $fields := regexSplit " +" (trim .) -1 -}}
{{- $isCron := eq (len $fields) 5 -}}
{{- range $at, $field := $fields -}}
{{- $one := printf `([*?]|%[1]s(-%[1]s)?)(/[1-9][0-9]*)?` (index $names (min $at 4)) -}}
{{- $isCron = and $isCron (regexMatch (printf `(?i)^%[1]s(,%[1]s)*$` $one) $field) -}}
{{- end -}}
{{- if not (or $isCron (has . (list "" "@hourly" "@daily" "@midnight" "@weekly" "@monthly"))) -}}
{{- fail (printf "backup.schedule: %s is no schedule of a CronJob: five fields such as `15 2 * * *` (minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6), or @hourly, @daily, @weekly, @monthly" $schedule) -}}
{{- end -}}
{{- end -}}
