{{/* What both charts say alike. The copy in aetherius-agent is generated from the one in aetherius. */}}

{{- define "aetherius.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it already says what it is, else both names. */}}
{{- define "aetherius.fullname" -}}
{{- $name := include "aetherius.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Selectors cannot be changed later, so nothing that a version changes is among them. Call with root and component. */}}
{{- define "aetherius.selector" -}}
app.kubernetes.io/name: {{ include "aetherius.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* Call with root, component, and more labels of this one object, which win over those of all. */}}
{{- define "aetherius.labels" -}}
{{ include "aetherius.selector" . }}
{{- if not .component }}
app.kubernetes.io/component: {{ ternary "agent" "control-plane" (eq .root.Chart.Name "aetherius-agent") }}
{{- end }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: aetherius
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with mergeOverwrite (deepCopy .root.Values.commonLabels) (default dict .more) }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Call with root and image. */}}
{{- define "aetherius.image" -}}
{{- $registry := .root.Values.global.imageRegistry | default .image.registry -}}
{{- $place := ternary .image.repository (printf "%s/%s" $registry .image.repository) (empty $registry) -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $place .image.digest }}
{{- else -}}
{{ printf "%s:%s" $place (.image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end -}}

{{/* Its own word, else that for all. Call with root and image. */}}
{{- define "aetherius.pullPolicy" -}}
{{ .image.pullPolicy | default .root.Values.imagePullPolicy }}
{{- end -}}

{{- define "aetherius.pullSecrets" -}}
{{- with concat .Values.global.imagePullSecrets .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* OpenShift gives each namespace its own range of ids and refuses any other. Call with root, and with ids where the image names no user. */}}
{{- define "aetherius.podSecurityContext" -}}
{{- $context := mergeOverwrite (default dict .ids | deepCopy) .root.Values.podSecurityContext -}}
{{- if .root.Capabilities.APIVersions.Has "security.openshift.io/v1" -}}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" -}}
{{- end -}}
{{ toYaml $context }}
{{- end -}}

{{- define "aetherius.securityContext" -}}
{{- $context := .Values.securityContext -}}
{{- if .Capabilities.APIVersions.Has "security.openshift.io/v1" -}}
{{- $context = omit $context "runAsUser" "runAsGroup" -}}
{{- end -}}
{{ toYaml $context }}
{{- end -}}

{{/* Where a pod goes. Call with root, the settings of the pod and its selector's component. */}}
{{- define "aetherius.placement" -}}
{{- with .settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
{{- if .settings.topologySpreadConstraints }}
  {{- toYaml .settings.topologySpreadConstraints | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "aetherius.selector" . | nindent 8 }}
{{- end }}
{{- with .settings.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
{{- end -}}

{{/* The process alone decides whether it lives; what it depends on decides whether it is ready. */}}
{{- define "aetherius.probes" -}}
startupProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  httpGet: { path: /health/ready, port: http }
  periodSeconds: 5
  timeoutSeconds: 3
{{- end -}}

{{/* Where traces go is a setting; what opens that door is not. */}}
{{- define "aetherius.tracingSettings" -}}
{{- with .Values.tracing.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "aetherius.tracingEnv" -}}
{{- with .Values.tracing.headersSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: headers }
{{- end }}
{{- end -}}

{{/* The port of an address: the one that it names, or that of its protocol. */}}
{{- define "aetherius.portOf" -}}
{{- $url := urlParse . -}}
{{- $named := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $usual := dict "http" "80" "https" "443" "ws" "80" "wss" "443" "postgres" "5432" "redis" "6379" "rediss" "6380" "neo4j" "7687" "neo4j+s" "7687" "neo4j+ssc" "7687" "bolt" "7687" "bolt+s" "7687" "bolt+ssc" "7687" -}}
{{- $named | default (get $usual $url.scheme) | default "4222" -}}
{{- end -}}

{{/* Where a pod may go: names, and these ports. On OpenShift the DNS server listens on 5353, where a policy meets it. Call with ports and the addresses that values name. */}}
{{- define "aetherius.egress" -}}
{{- $ports := list -}}
{{- range .ports }}{{ $ports = append $ports (toString .) }}{{ end -}}
{{- range .urls }}{{ range splitList "," (default "" .) }}{{ if . }}{{ $ports = append $ports (include "aetherius.portOf" (trim .)) }}{{ end }}{{ end }}{{ end -}}
- ports:
    {{- range list 53 5353 }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
- ports:
    {{- range uniq $ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end -}}

{{/* Fails on an amount that Kubernetes would refuse. Call with path and resources. */}}
{{- define "aetherius.checkResources" -}}
{{- $path := .path -}}
{{- range $part, $amounts := pick .resources "requests" "limits" -}}
{{- range $what, $amount := $amounts -}}
{{- if not (regexMatch "^[0-9]+([.][0-9]+)?(m|k|Ki|[MGTPE]i?|e[0-9]+)?$" (toString $amount)) -}}
{{- fail (printf "%s.%s.%s: %v is not an amount such as 100m, 512Mi or 1Gi" $path $part $what $amount) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Links in alerts are relative to the repository, unless it is known where people read it. Call with text and base. */}}
{{- define "aetherius.rules" -}}
{{- $link := ternary "runbook_url: docs/" (printf "runbook_url: %s/docs/" (trimSuffix "/" .base)) (empty .base) -}}
{{- replace "runbook_url: docs/" $link .text -}}
{{- end -}}

{{/* A string or a map, with templates in it. */}}
{{- define "aetherius.extraObjects" -}}
{{- range .Values.extraObjects }}
---
{{ tpl (ternary . (toYaml .) (kindIs "string" .)) $ }}
{{- end }}
{{- end -}}
