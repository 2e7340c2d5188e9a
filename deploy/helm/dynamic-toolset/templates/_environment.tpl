{{/* The settings that follow from values; what the program takes by default is not said. */}}
{{- define "dynamic-toolset.environment" -}}
{{- $name := include "dynamic-toolset.fullname" . -}}
- name: POD_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
- name: POD_NAMESPACE
  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }
- name: POD_IP
  valueFrom: { fieldRef: { fieldPath: status.podIP } }
- name: DISCOVERY_INTERVAL
  value: {{ .Values.discoveryInterval | quote }}
- name: RECONCILIATION_INTERVAL
  value: {{ .Values.reconciliationInterval | quote }}
{{- with .Values.namespaces }}
- name: NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- if .Values.proxyChecks }}
- name: HEALTH_CHECK_MODE
  value: apiserver-proxy
{{- end }}
{{- with .Values.auth.audiences }}
- name: AUTH_AUDIENCES
  value: {{ join "," . | quote }}
{{- end }}
{{- if ne .Values.configMap.name "kubernaut-toolset-config" }}
- name: CONFIGMAP_NAME
  value: {{ .Values.configMap.name | quote }}
{{- end }}
{{- if ne .Release.Namespace (include "dynamic-toolset.configMapNamespace" .) }}
- name: CONFIGMAP_NAMESPACE
  value: {{ .Values.configMap.namespace | quote }}
{{- end }}
{{- if not (include "dynamic-toolset.ownsConfigMap" .) }}
- name: OWNER_REFERENCE_ENABLED
  value: "false"
{{- end }}
{{- if ne $name "dynamic-toolset" }}
{{- /* Said also where it owns nothing: the program finds a reference to take away by this name. */}}
- name: OWNER_DEPLOYMENT
  value: {{ $name | quote }}
{{- end }}
{{- if .Values.ha.enabled }}
- name: LEADER_ELECTION_ENABLED
  value: "true"
{{- if ne $name "dynamic-toolset" }}
- name: LEASE_NAME
  value: {{ printf "%s-leader" $name | quote }}
{{- end }}
- name: LEASE_DURATION
  value: {{ .Values.ha.leaseDuration | quote }}
- name: RENEW_DEADLINE
  value: {{ .Values.ha.renewDeadline | quote }}
- name: RETRY_PERIOD
  value: {{ .Values.ha.retryPeriod | quote }}
{{- end }}
{{- if not .Values.holmesgpt.format }}
- name: HOLMES_FORMAT
  value: "false"
{{- end }}
{{- if ne .Values.holmesgpt.target "compat" }}
- name: HOLMES_TARGET
  value: {{ .Values.holmesgpt.target | quote }}
{{- end }}
{{- with .Values.holmesgpt.baseToolsets }}
- name: HOLMES_BASE_TOOLSETS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.holmesgpt.credentialsNamespaces }}
- name: CREDENTIALS_NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.holmesgpt.reload.url }}
- name: HOLMES_RELOAD_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.holmesgpt.reload.secretName }}
- name: HOLMES_RELOAD_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: {{ $.Values.holmesgpt.reload.secretKey | quote }}
{{- end }}
{{- if .Values.overrideFiles.configMap }}
- name: OVERRIDES_DIR
  value: /etc/dynamic-toolset/overrides.d
{{- end }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Settings that other parts of the chart go by, and the value that each follows from. */}}
{{- define "dynamic-toolset.derivedSettings" -}}
POD_NAME: the downward API, and nothing else
POD_NAMESPACE: the downward API, and nothing else
POD_IP: the downward API, and nothing else
PORT: the chart; service.port is that of the Service
METRICS_PORT: the chart; service.metricsPort is that of the Service
DISCOVERY_INTERVAL: discoveryInterval
RECONCILIATION_INTERVAL: reconciliationInterval
NAMESPACES: namespaces
HEALTH_CHECK_MODE: proxyChecks
AUTH_AUDIENCES: auth.audiences
CONFIGMAP_NAME: configMap.name
CONFIGMAP_NAMESPACE: configMap.namespace
OWNER_REFERENCE_ENABLED: configMap.ownerReference
OWNER_DEPLOYMENT: fullnameOverride
DETECTORS_DIR: detectors.rules or detectors.configMap
OVERRIDES_DIR: overrideFiles.configMap
LEADER_ELECTION_ENABLED: ha.enabled
LEASE_NAME: fullnameOverride
LEASE_DURATION: ha.leaseDuration
RENEW_DEADLINE: ha.renewDeadline
RETRY_PERIOD: ha.retryPeriod
HOLMES_FORMAT: holmesgpt.format
HOLMES_TARGET: holmesgpt.target
HOLMES_BASE_TOOLSETS: holmesgpt.baseToolsets
CREDENTIALS_NAMESPACES: holmesgpt.credentialsNamespaces
HOLMES_RELOAD_URL: holmesgpt.reload.url
HOLMES_RELOAD_API_KEY: holmesgpt.reload.secretName
{{- end -}}
