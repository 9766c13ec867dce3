{{/* What both charts refuse because no pod of theirs needs it. The copy in aetherius-agent is generated from the one in aetherius. */}}

{{/* Fails on what the level "restricted" of Pod Security refuses, and every pod of ours is for. */}}
{{- define "aetherius.checkRestricted" -}}
{{- if ne (toString .Values.podSecurityContext.runAsNonRoot) "true" -}}
{{- fail "podSecurityContext.runAsNonRoot has to stay true: no pod of this chart needs root, and Pod Security \"restricted\" takes none that may have it" -}}
{{- end -}}
{{- if not (dig "seccompProfile" "type" "" .Values.podSecurityContext) -}}
{{- fail "podSecurityContext.seccompProfile.type has to be RuntimeDefault or Localhost: Pod Security \"restricted\" takes no pod without it" -}}
{{- end -}}
{{- if ne (toString .Values.securityContext.allowPrivilegeEscalation) "false" -}}
{{- fail "securityContext.allowPrivilegeEscalation has to stay false: no pod of this chart needs it, and Pod Security \"restricted\" takes none without that word" -}}
{{- end -}}
{{- include "aetherius.checkCapabilities" (.Values.securityContext.capabilities | default dict) -}}
{{- range $path := list "podSecurityContext" "securityContext" -}}
{{- include "aetherius.checkContext" (dict "path" $path "context" (index $.Values $path)) -}}
{{- end -}}
{{- end -}}

{{/* Call with capabilities. */}}
{{- define "aetherius.checkCapabilities" -}}
{{- if not (has "ALL" (.drop | default list)) -}}
{{- fail "securityContext.capabilities.drop has to name ALL: no pod of this chart needs a capability, and Pod Security \"restricted\" takes none that keeps others" -}}
{{- end -}}
{{- range .add -}}
{{- if ne . "NET_BIND_SERVICE" -}}
{{- fail (printf "securityContext.capabilities.add: %s: no pod of this chart needs it, and Pod Security \"restricted\" lets no more be added than NET_BIND_SERVICE" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What holds for pods and containers alike. Call with path and context. */}}
{{- define "aetherius.checkContext" -}}
{{- $labels := list "" "container_t" "container_init_t" "container_kvm_t" "container_engine_t" -}}
{{- $fits := list
  (list "seccompProfile.type" (list "" "RuntimeDefault" "Localhost"))
  (list "appArmorProfile.type" (list "" "RuntimeDefault" "Localhost"))
  (list "seLinuxOptions.type" $labels) (list "seLinuxOptions.user" (list "")) (list "seLinuxOptions.role" (list ""))
  (list "procMount" (list "" "Default")) (list "privileged" (list "" "false")) (list "runAsNonRoot" (list "" "true"))
-}}
{{- range $fits -}}
{{- $value := $.context -}}
{{- range splitList "." (first .) }}{{ $value = index ($value | default dict) . }}{{ end -}}
{{- if not (has (kindIs "invalid" $value | ternary "" (toString $value)) (last .)) -}}
{{- include "aetherius.refuseContext" (printf "%s.%s=%v" $.path (first .) $value) -}}
{{- end -}}
{{- end -}}
{{- if eq (toString .context.runAsUser) "0" -}}
{{- include "aetherius.refuseContext" (printf "%s.runAsUser=0" .path) -}}
{{- end -}}
{{- $safe := `^(kernel[.]shm_rmid_forced|net[.]ipv4[.](ip_local_port_range|ip_unprivileged_port_start|tcp_syncookies|ping_group_range|ip_local_reserved_ports|tcp_keepalive_(time|intvl|probes)|tcp_fin_timeout|tcp_[rw]mem))$` -}}
{{- range .context.sysctls -}}
{{- if not (regexMatch $safe .name) -}}
{{- include "aetherius.refuseContext" (printf "%s.sysctls: %s" $.path .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "aetherius.refuseContext" -}}
{{- fail (printf "%s: no pod of this chart needs it, and Pod Security \"restricted\" takes none that has it" .) -}}
{{- end -}}

{{/* Fails on volumes that "restricted" refuses, and on volumes and mounts that no API server takes. Call with path, own (name and mountPath of what the chart mounts itself), extraVolumes and extraVolumeMounts. */}}
{{- define "aetherius.checkVolumes" -}}
{{- $kinds := list "name" "configMap" "csi" "downwardAPI" "emptyDir" "ephemeral" "persistentVolumeClaim" "projected" "secret" -}}
{{- $own := list -}}
{{- $paths := list -}}
{{- range .own }}{{ $own = append $own .name }}{{ $paths = append $paths .mountPath }}{{ end -}}
{{- $extra := list -}}
{{- range .extraVolumes -}}
{{- if has .name $own }}{{ fail (printf "%sextraVolumes: %s is a volume of this chart: another name" $.path .name) }}{{ end -}}
{{- if has .name $extra }}{{ fail (printf "%sextraVolumes: %s is there twice" $.path .name) }}{{ end -}}
{{- $extra = append $extra .name -}}
{{- $volume := .name -}}
{{- range $kind, $_ := . -}}
{{- if not (has $kind $kinds) -}}
{{- fail (printf "%sextraVolumes: %s is a %s, and Pod Security \"restricted\" takes no pod with one: a persistentVolumeClaim, configMap, secret, csi, ephemeral, projected, downwardAPI or emptyDir" $.path $volume $kind) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range .extraVolumeMounts -}}
{{- if not (has .name (concat $own $extra)) }}{{ fail (printf "%sextraVolumeMounts: %s is no volume of this pod: name one of %sextraVolumes" $.path .name $.path) }}{{ end -}}
{{- if has .mountPath $paths }}{{ fail (printf "%sextraVolumeMounts: %s is mounted by this chart, or twice: another mountPath" $.path .mountPath) }}{{ end -}}
{{- $paths = append $paths .mountPath -}}
{{- end -}}
{{- end -}}
