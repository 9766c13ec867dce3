{{/* What both charts say alike. The copy in aetherius-agent is generated from the one in aetherius. */}}

{{- define "aetherius.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it already says what it is, else both names. */}}
{{- define "aetherius.fullname" -}}
{{- $name := include "aetherius.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- $full = default $full .Values.fullnameOverride -}}
{{- if gt (len $full) 40 -}}
{{- fail (printf "%s is too long a name, of which two might begin alike: 40 letters at most; a shorter release, or a fullnameOverride, which for a release that is there already is %s" $full (trunc 40 $full | trimSuffix "-")) -}}
{{- end -}}
{{- $full -}}
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
{{- with mergeOverwrite (default dict .root.Values.commonLabels | deepCopy) (default dict .more) }}
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
{{- with concat (default list .Values.global.imagePullSecrets) (default list .Values.imagePullSecrets) | uniq }}
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
{{- /* Without a selector a constraint counts no pod at all, and nothing would be spread. */}}
{{- $own := dict "labelSelector" (dict "matchLabels" (include "aetherius.selector" . | fromYaml)) }}
{{- $usual := dict "maxSkew" 1 "topologyKey" "kubernetes.io/hostname" "whenUnsatisfiable" "ScheduleAnyway" }}
{{- range .settings.topologySpreadConstraints | default (list $usual) }}
  - {{ kindIs "map" .labelSelector | ternary . (mergeOverwrite (deepCopy .) $own) | toYaml | indent 4 | trim }}
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
{{- if and .Values.tracing.headersSecret (not .Values.tracing.otlpEndpoint) -}}
{{- fail "tracing.headersSecret is of no use without tracing.otlpEndpoint: nothing is traced" -}}
{{- end -}}
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

{{/* Where the authorities lie that are trusted besides the public ones. Call with trust, and with the Secret of one part that serves alone where trust names nothing. */}}
{{- define "aetherius.trustVolume" -}}
{{- $trust := .trust -}}
{{- if not (or $trust.caSecret $trust.caConfigMap) -}}
{{- $trust = dict "caSecret" .alone "caKey" "ca.crt" -}}
{{- end -}}
{{- if $trust.caConfigMap }}
- name: trust
  mountPath: /etc/aetherius/trust
  source:
    configMap: { name: {{ $trust.caConfigMap }}, items: [{ key: {{ $trust.caKey }}, path: ca.crt }] }
{{- else if $trust.caSecret }}
- name: trust
  mountPath: /etc/aetherius/trust
  source:
    secret: { secretName: {{ $trust.caSecret }}, items: [{ key: {{ $trust.caKey }}, path: ca.crt }] }
{{- end }}
{{- end -}}

{{/* Node reads it once, at its start. Call as trustVolume. */}}
{{- define "aetherius.trustEnv" -}}
{{- if include "aetherius.trustVolume" . }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/aetherius/trust/ca.crt
{{- end }}
{{- end -}}

{{/* Whether an address in plain text leads out of this cluster, or may. */}}
{{- define "aetherius.leaksOut" -}}
{{- if and (regexMatch "^(nats|ws):" .) (not (regexMatch "^(nats|ws)://(localhost|127([.][0-9]+){3}|[a-z0-9-]+|[a-z0-9.-]+[.]svc([.]cluster[.]local)?)(:[0-9]+)?(/.*)?$" .)) }}true{{ end -}}
{{- end -}}

{{/* Pods that may be away: as many as may be missing, unless it says how many have to stay. */}}
{{- define "aetherius.disruptions" -}}
{{- $stay := kindIs "invalid" .minAvailable | ternary "" (toString .minAvailable) -}}
{{- ternary (printf "maxUnavailable: %v" .maxUnavailable) (printf "minAvailable: %s" $stay) (empty $stay) -}}
{{- end -}}

{{/* Fails on a budget that lets no pod go: draining a node would wait for ever. Call with path, budget and the fewest replicas. */}}
{{- define "aetherius.checkDisruptions" -}}
{{- if and .budget.enabled (gt (int .replicas) 0) -}}
{{- $stay := kindIs "invalid" .budget.minAvailable | ternary "" (toString .budget.minAvailable) -}}
{{- $one := ternary (divf .replicas 100) 1 (hasSuffix "%" $stay) -}}
{{- $staying := mulf (trimSuffix "%" $stay | float64) $one | ceil | int -}}
{{- if and (empty $stay) (has (toString .budget.maxUnavailable) (list "0" "0%")) -}}
{{- fail (printf "%s.maxUnavailable: %v lets no pod go, so a node could never be drained" .path .budget.maxUnavailable) -}}
{{- end -}}
{{- if and (not (empty $stay)) (ge $staying (int .replicas)) -}}
{{- fail (printf "%s.minAvailable: %s keeps every one of %d replicas, so a node could never be drained: less of it, more replicas, or maxUnavailable" .path $stay (int .replicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* An amount as Kubernetes writes it, as a number. */}}
{{- define "aetherius.amount" -}}
{{- $unit := regexFind "[A-Za-z]*$" (toString .) -}}
{{- $factors := dict "" 1 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976 -}}
{{- mulf (trimSuffix $unit (toString .) | float64) (get $factors $unit | float64) | printf "%f" -}}
{{- end -}}

{{/* Fails on more that is asked for than may be used: no API server takes such a pod. Call with path and resources. */}}
{{- define "aetherius.checkResources" -}}
{{- $path := .path -}}
{{- $limits := .resources.limits | default dict -}}
{{- range $what, $asked := .resources.requests -}}
{{- $most := get $limits $what | toString -}}
{{- if and (hasKey $limits $what) (gt (include "aetherius.amount" $asked | float64) (include "aetherius.amount" $most | float64)) -}}
{{- fail (printf "%s.requests.%s: %v is above %s.limits.%s, which is %s" $path $what $asked $path $what $most) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Fails on a global value that nobody reads; a chart that has this one as a part may hand down others. */}}
{{- define "aetherius.checkGlobal" -}}
{{- range $name, $_ := ternary (omit .Values.global "imageRegistry" "imagePullSecrets") dict .Chart.IsRoot -}}
{{- fail (printf "global.%s is not read: imageRegistry and imagePullSecrets are" $name) -}}
{{- end -}}
{{- end -}}

{{/* Fails, in words, on an address that is none; never with the address, in which a password may stand. Call with path, kind and address. */}}
{{- define "aetherius.checkAddress" -}}
{{- $path := .path -}}
{{- $after := `(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?(/[^ ,;"]*)?$` -}}
{{- $place := printf `://([A-Za-z0-9._~:%%!$&'()*+=-]*@)?([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])%s` $after -}}
{{- $inside := printf `|^http://(localhost|127([.][0-9]+){3}|[a-z0-9-]+|[a-z0-9.-]+[.]svc([.]cluster[.]local)?)%s` $after -}}
{{- $kinds := dict
  "bus" (list "(nats|tls|wss?)" "an address of NATS, such as tls://bus.example.com:4222 (tls://, nats://, wss:// or ws://), or several with commas between")
  "door" (list "https" "an https:// address; http:// is for a name inside the cluster, without a dot or with .svc at its end")
  "agent" (list "(https|nats|tls|wss?)" "an https:// address of the control plane (http:// is for a name inside the cluster, without a dot or with .svc at its end), or a tls:// or nats:// address of the bus itself")
  "http" (list "https?" "an http:// or https:// address")
  "redis" (list "rediss?" "a redis:// or rediss:// address")
  "graph" (list "(neo4j|bolt)([+]s|[+]ssc)?" "a neo4j:// or bolt:// address; both may end in +s or +ssc")
-}}
{{- $kind := get $kinds .kind -}}
{{- $pattern := printf "^%s%s%s" (first $kind) $place (ternary $inside "" (has .kind (list "door" "agent"))) -}}
{{- $address := default "" .address -}}
{{- $elsewhere := dict
  "enrolment.publicUrl" "whoever calls brings a token of his own"
  "llm.baseUrl" "the key of the model belongs into llm.existingSecret"
  "tracing.otlpEndpoint" "headers that let in belong into tracing.headersSecret"
  "prometheusUrl" "leave it empty, and give PROMETHEUS_URL by extraEnv from a Secret"
  "prometheusRule.runbookBaseUrl" "a browser asks for it itself"
-}}
{{- if and (hasKey $elsewhere .path) (regexMatch "^[A-Za-z0-9+]+://[^/?#]*@" $address) -}}
{{- fail (printf "%s holds a user or a password, which would be readable in the cluster: %s" .path (get $elsewhere .path)) -}}
{{- end -}}
{{- if regexMatch "^https?://[^?#]*[?#]" $address -}}
{{- fail (printf "%s must have no query and no fragment: paths are put behind it" .path) -}}
{{- end -}}
{{- range ternary (splitList "," $address) (list $address) (eq .kind "bus") -}}
{{- if and $address (not (regexMatch $pattern .)) -}}
{{- fail (printf "%s has to be %s" $path (last $kind)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Fails on a variable that the chart sets itself, or that is there twice: Kubernetes would take one of the two without a word. Only how much it logs a service may be told apart from the others. Call with path, own, told (the settings of all as a map) and extra. */}}
{{- define "aetherius.checkEnv" -}}
{{- $path := .path -}}
{{- $names := keys (omit .told "LOG_LEVEL") -}}
{{- range .own }}{{ $names = append $names .name }}{{ end -}}
{{- $all := concat $names (keys .told) -}}
{{- $extra := list -}}
{{- range .extra -}}
{{- if has .name $names -}}
{{- fail (printf "%s: %s is set by another value of this chart" $path .name) -}}
{{- end -}}
{{- if has (trimSuffix "_FILE" .name) (list "PORT" "LISTEN_HOST") -}}
{{- fail (printf "%s: %s is not to be changed: the Service and the probes of this chart go by it" $path .name) -}}
{{- end -}}
{{- if has .name $extra -}}
{{- fail (printf "%s: %s is there twice" $path .name) -}}
{{- end -}}
{{- $twin := ternary (trimSuffix "_FILE" .name) (printf "%s_FILE" .name) (hasSuffix "_FILE" .name) -}}
{{- if has $twin $all -}}
{{- fail (printf "%s: %s stands for %s, which is set by another value of this chart: only one of the two may be set" $path .name $twin) -}}
{{- end -}}
{{- if has $twin $extra -}}
{{- fail (printf "%s: only one of %s and %s may be set" $path $twin .name) -}}
{{- end -}}
{{- $extra = append $extra .name -}}
{{- end -}}
{{- end -}}

{{/*
Groups of rules. Their links lead to the agent-manager, which serves the runbooks: to the address that a browser reaches, or else to
where `kubectl port-forward` puts it; or to the folder of the docs, where that is named. Call with text, docs and manager.
*/}}
{{- define "aetherius.rules" -}}
{{- $groups := (.text | fromYaml).groups -}}
{{- $docs := default "" .docs | trimSuffix "/" -}}
{{- $manager := default "" .manager | trimSuffix "/" -}}
{{- $manager = ternary $manager "http://localhost:8080" (hasPrefix "https://" $manager) -}}
{{- range $groups -}}
{{- range .rules -}}
{{- if .alert -}}
{{- $page := printf "%s/api/v1/alert-runbooks/%s" $manager .alert -}}
{{- $_ := set .annotations "runbook_url" (ternary $page (printf "%s/docs/runbooks/alerts.md#%s" $docs (lower .alert)) (empty $docs)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ toYaml $groups }}
{{- end -}}

{{/* A string or a map, with templates in it. */}}
{{- define "aetherius.extraObjects" -}}
{{- range .Values.extraObjects }}
---
{{ tpl (ternary . (toYaml .) (kindIs "string" .)) $ }}
{{- end }}
{{- end -}}
