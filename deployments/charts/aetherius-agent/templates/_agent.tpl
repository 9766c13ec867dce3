{{- define "aetherius-agent.serviceAccountName" -}}
{{- default (ternary (include "aetherius.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* The control plane lets the agent in, unless the address is that of the bus itself. */}}
{{- define "aetherius-agent.enrols" -}}
{{- if or (not .Values.url) (hasPrefix "http" .Values.url) }}true{{ end -}}
{{- end -}}

{{/* What a person may want to change: one object to patch. */}}
{{- define "aetherius-agent.settings" -}}
{{- with .Values.clusterName }}
CLUSTER_ID: {{ . | quote }}
{{- end }}
{{- with .Values.url }}
{{ ternary "ENROL_URL" "NATS_URL" (hasPrefix "http" .) }}: {{ . | quote }}
{{- end }}
ALLOW_CHANGES: {{ .Values.allowChanges | quote }}
LOG_LEVEL: {{ .Values.logLevel }}
{{- with .Values.prometheusUrl }}
PROMETHEUS_URL: {{ . | quote }}
{{- end }}
{{- with .Values.displayName }}
DISPLAY_NAME: {{ . | quote }}
{{- end }}
{{- with .Values.rbac.namespaces }}
WATCH_NAMESPACES: {{ join "," . | quote }}
{{- end }}
{{- include "aetherius.tracingSettings" . }}
{{- end -}}

{{/* How many bytes of events may wait: the rest of the volume is for results, which are never cut, and for what is being written. */}}
{{- define "aetherius-agent.spoolBytes" -}}
{{- mulf (include "aetherius.amount" .Values.spool.sizeLimit | float64) 0.75 | floor | int64 -}}
{{- end -}}

{{- define "aetherius-agent.env" -}}
- { name: {{ ternary "ENROL_TOKEN_FILE" "NATS_CREDS" (eq (include "aetherius-agent.enrols" .) "true") }}, value: /etc/aetherius/credentials/token }
{{- if not .Values.clusterName }}
- name: CLUSTER_ID
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: cluster } }
{{- end }}
{{- if not .Values.url }}
- name: ENROL_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: url } }
{{- end }}
- { name: SPOOL_DIR, value: /var/lib/aetherius }
- { name: SPOOL_MAX_BYTES, value: {{ include "aetherius-agent.spoolBytes" . | quote }} }
- { name: LEADER, value: lease }
{{- if .Values.policy }}
- { name: POLICY_FILE, value: /etc/aetherius/policy/policy.yaml }
{{- end }}
{{- include "aetherius.trustEnv" (dict "trust" .Values.trust "alone" .Values.caSecret) }}
- name: NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
- name: POD_UID
  valueFrom: { fieldRef: { fieldPath: metadata.uid } }
{{- include "aetherius.tracingEnv" . }}
{{- end -}}

{{/* The volumes of the agent as a list of name, source and mount; one list makes both halves of the pod. */}}
{{- define "aetherius-agent.volumes" -}}
- { name: tmp, mountPath: /tmp, source: { emptyDir: { sizeLimit: 64Mi } } }
- name: spool
  mountPath: /var/lib/aetherius
  source:
    {{- if .Values.spool.existingClaim }}
    persistentVolumeClaim: { claimName: {{ .Values.spool.existingClaim }} }
    {{- else }}
    emptyDir: { sizeLimit: {{ .Values.spool.sizeLimit }} }
    {{- end }}
- name: credentials
  mountPath: /etc/aetherius/credentials
  readOnly: true
  source:
    secret:
      secretName: {{ .Values.existingSecret | default (include "aetherius.fullname" .) }}
      defaultMode: 0440
      items: [{ key: {{ ternary .Values.existingSecretKey "token" (not (empty .Values.existingSecret)) }}, path: token }]
{{- if include "aetherius-agent.enrols" . }}
# Shows the control plane that a new pod is of the cluster which was let in before, and is of no use elsewhere.
- name: identity
  mountPath: /var/run/secrets/aetherius
  readOnly: true
  source:
    projected:
      sources:
        - serviceAccountToken: { audience: aetherius, expirationSeconds: 3600, path: token }
{{- end }}
{{- if .Values.policy }}
- name: policy
  mountPath: /etc/aetherius/policy
  readOnly: true
  source:
    configMap: { name: {{ include "aetherius.fullname" . }}-policy }
{{- end }}
{{- range include "aetherius.trustVolume" (dict "trust" .Values.trust "alone" .Values.caSecret) | fromYamlArray }}
- {{ merge (dict "readOnly" true) . | toJson }}
{{- end }}
{{- end -}}

{{- define "aetherius-agent.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "aetherius-agent.serviceAccountName" . }}
    namespace: {{ .Release.Namespace }}
{{- end -}}

{{/* One role with its binding: over the cluster, or in each namespace of the namespaced mode. Call with root, suffix, rules, cluster rules. */}}
{{- define "aetherius-agent.role" -}}
{{- $root := .root -}}
{{- $full := include "aetherius.fullname" $root -}}
{{- /* Outside its own namespace a name has to tell it from a release of the same name in another. */ -}}
{{- $name := eq $full $root.Release.Namespace | ternary $full (printf "%s-%s" $full $root.Release.Namespace) | printf "%[2]s-%[1]s" .suffix -}}
{{- $labels := include "aetherius.labels" (dict "root" $root "component" "") -}}
{{- $rules := .rules -}}
{{- if $root.Values.rbac.namespaces }}
{{- range $root.Values.rbac.namespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ . }}
  labels:
    {{- $labels | nindent 4 }}
rules:
  {{- $rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ . }}
  labels:
    {{- $labels | nindent 4 }}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $name }} }
{{ include "aetherius-agent.subjects" $root }}
{{- end }}
{{- else }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
rules:
  {{- $rules | nindent 2 }}
  {{- .clusterRules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ $name }} }
{{ include "aetherius-agent.subjects" $root }}
{{- end }}
{{- end -}}
