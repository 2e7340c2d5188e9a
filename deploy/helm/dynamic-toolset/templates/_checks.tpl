{{/* What the schema cannot say, or not in words that help. */}}
{{- define "dynamic-toolset.checks" -}}
{{- if hasKey .Values "overrides" -}}
{{- fail (printf "overrides: the key overrides.yaml of the ConfigMap %s is the admin's, and Helm would take it along at each upgrade. Apply it beside the chart: README.md, \"Overrides\"" .Values.configMap.name) -}}
{{- end -}}
{{- if and (not .Values.ha.enabled) (gt (int .Values.replicaCount) 1) -}}
{{- fail (printf "replicaCount: %d replicas need ha.enabled=true, else each takes the others for strangers who spoil the ConfigMap" (int .Values.replicaCount)) -}}
{{- end -}}
{{- if and .Values.detectors.rules .Values.detectors.configMap -}}
{{- fail "detectors: give either rules or configMap; only one of them can be mounted" -}}
{{- end -}}
{{- if and .Values.holmesgpt.reload.secretName (not .Values.holmesgpt.reload.url) -}}
{{- fail "holmesgpt.reload: secretName is for a request to url; set that too" -}}
{{- end -}}
{{- if not (or .Values.serviceAccount.create .Values.serviceAccount.name) -}}
{{- fail "serviceAccount: create=false needs the name of one of your own" -}}
{{- end -}}
{{- $derived := include "dynamic-toolset.derivedSettings" . | fromYaml -}}
{{- range .Values.env -}}
{{- if hasKey $derived .name -}}
{{- fail (printf "env: %s is set by %s, and other objects of the chart go by it" .name (get $derived .name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
