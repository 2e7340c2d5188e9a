{{/* What the schema cannot check, or not with a helpful message. */}}
{{- define "dynamic-toolset.checks" -}}
{{- if hasKey .Values "overrides" -}}
{{- fail (printf "overrides: the key overrides.yaml of the ConfigMap %s belongs to the admin, and Helm would reset it at each upgrade. Apply it separately: README.md, \"Overrides\"" .Values.configMap.name) -}}
{{- end -}}
{{- if and (not .Values.ha.enabled) (gt (int .Values.replicaCount) 1) -}}
{{- fail (printf "replicaCount: %d replicas need ha.enabled=true, else they would fight over the ConfigMap" (int .Values.replicaCount)) -}}
{{- end -}}
{{- if and .Values.detectors.rules .Values.detectors.configMap -}}
{{- fail "detectors: set either rules or configMap; only one of them can be mounted" -}}
{{- end -}}
{{- if and .Values.holmesgpt.reload.secretName (not .Values.holmesgpt.reload.url) -}}
{{- fail "holmesgpt.reload: secretName is for a request to url; set url too" -}}
{{- end -}}
{{- if not (or .Values.serviceAccount.create .Values.serviceAccount.name) -}}
{{- fail "serviceAccount: create=false needs the name of your own ServiceAccount" -}}
{{- end -}}
{{- $derived := include "dynamic-toolset.derivedSettings" . | fromYaml -}}
{{- range .Values.env -}}
{{- if hasKey $derived .name -}}
{{- fail (printf "env: %s is set by %s, and other objects of the chart depend on it" .name (get $derived .name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
