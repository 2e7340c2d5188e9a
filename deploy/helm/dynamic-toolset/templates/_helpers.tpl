{{- define "dynamic-toolset.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "dynamic-toolset.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "dynamic-toolset.name" .) .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "dynamic-toolset.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What is not in the release's namespace is called so: two releases of one name must not meet there. In the namespace that the docs and
     the program's own messages speak of it has the names that they use. */}}
{{- define "dynamic-toolset.clusterName" -}}
{{- if .Values.rbac.clusterNamePrefix -}}
{{- .Values.rbac.clusterNamePrefix -}}
{{- else if eq .Release.Namespace "kubernaut-system" -}}
{{- include "dynamic-toolset.fullname" . -}}
{{- else -}}
{{- printf "%s-%s" (include "dynamic-toolset.fullname" .) .Release.Namespace -}}
{{- end -}}
{{- end -}}

{{/* These can never be changed in a Deployment that is there. */}}
{{- define "dynamic-toolset.selectorLabels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/name: {{ include "dynamic-toolset.name" . | quote }}
{{- end -}}

{{- define "dynamic-toolset.labels" -}}
{{- $own := include "dynamic-toolset.selectorLabels" . | fromYaml -}}
{{- $own = merge $own (dict "app.kubernetes.io/part-of" "kubernaut" "app.kubernetes.io/managed-by" .Release.Service) -}}
{{- $own = merge $own (dict "app.kubernetes.io/version" .Chart.AppVersion "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63)) -}}
{{- merge $own .Values.commonLabels | toYaml -}}
{{- end -}}

{{/* Without a version: pods are replaced when something changes for them. */}}
{{- define "dynamic-toolset.podLabels" -}}
{{- $own := include "dynamic-toolset.selectorLabels" . | fromYaml -}}
{{- $own = merge $own (dict "app" "dynamic-toolset" "app.kubernetes.io/part-of" "kubernaut") -}}
{{- merge $own .Values.podLabels .Values.commonLabels | toYaml -}}
{{- end -}}

{{/* Labels of the pod of "helm test", which must not be one of the Deployment's and of the Service's. */}}
{{- define "dynamic-toolset.testLabels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/name: {{ include "dynamic-toolset.name" . | trunc 58 | trimSuffix "-" }}-test
{{- end -}}

{{- define "dynamic-toolset.replicas" -}}
{{- if kindIs "invalid" .Values.replicaCount -}}
{{- ternary 2 1 .Values.ha.enabled -}}
{{- else -}}
{{- int .Values.replicaCount -}}
{{- end -}}
{{- end -}}

{{- define "dynamic-toolset.image" -}}
{{- $image := printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- if .Values.image.digest -}}
{{- $image = printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- end -}}
image: {{ $image | quote }}
{{- with .Values.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end -}}

{{- define "dynamic-toolset.serviceAccount" -}}
{{- default (printf "%s-sa" (include "dynamic-toolset.fullname" .)) .Values.serviceAccount.name -}}
{{- end -}}

{{/* The name of the second account; empty where there is none. */}}
{{- define "dynamic-toolset.alias" -}}
{{- $name := include "dynamic-toolset.fullname" . -}}
{{- if and .Values.serviceAccount.create .Values.serviceAccount.alias (ne $name (include "dynamic-toolset.serviceAccount" .)) -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{- define "dynamic-toolset.subjects" -}}
subjects:
  - kind: ServiceAccount
    name: {{ include "dynamic-toolset.serviceAccount" . | quote }}
    namespace: {{ .Release.Namespace | quote }}
{{- with include "dynamic-toolset.alias" . }}
  - kind: ServiceAccount
    name: {{ . | quote }}
    namespace: {{ $.Release.Namespace | quote }}
{{- end }}
{{- end -}}

{{- define "dynamic-toolset.configMapNamespace" -}}
{{- default .Release.Namespace .Values.configMap.namespace -}}
{{- end -}}

{{/* What lies beside the ConfigMap is called so. */}}
{{- define "dynamic-toolset.configMapRole" -}}
{{- $isElsewhere := ne .Release.Namespace (include "dynamic-toolset.configMapNamespace" .) -}}
{{- ternary (include "dynamic-toolset.clusterName" .) (include "dynamic-toolset.fullname" .) $isElsewhere -}}
{{- end -}}

{{/* "true" or empty. An owner is in the namespace of what it owns. */}}
{{- define "dynamic-toolset.ownsConfigMap" -}}
{{- if and .Values.configMap.ownerReference (eq .Release.Namespace (include "dynamic-toolset.configMapNamespace" .)) -}}
true
{{- end -}}
{{- end -}}

{{- define "dynamic-toolset.detectors" -}}
{{- default (printf "%s-detectors" (include "dynamic-toolset.fullname" .)) .Values.detectors.configMap -}}
{{- end -}}

{{/* Quantities as texts: older API servers take no number for one in a server-side apply. */}}
{{- define "dynamic-toolset.resources" -}}
{{- range $kind, $amounts := .Values.resources }}
{{ $kind }}:
  {{- range $name, $amount := $amounts }}
  {{ $name }}: {{ $amount | quote }}
  {{- end }}
{{- end }}
{{- end -}}
