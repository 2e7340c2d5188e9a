{{/* The rights of a discovery, in the cluster or in one namespace. */}}
{{- define "dynamic-toolset.discoveryRules" -}}
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* Binds the accounts of the service to the ClusterRole of that name: (list . NAME). */}}
{{- define "dynamic-toolset.clusterRoleBinding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ index . 1 | quote }}
  labels:
    {{- include "dynamic-toolset.labels" (index . 0) | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ index . 1 | quote }}
{{ include "dynamic-toolset.subjects" (index . 0) }}
{{- end -}}

{{/* The same in a namespace: (list . NAME NAMESPACE). */}}
{{- define "dynamic-toolset.roleBinding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ index . 1 | quote }}
  namespace: {{ index . 2 | quote }}
  labels:
    {{- include "dynamic-toolset.labels" (index . 0) | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ index . 1 | quote }}
{{ include "dynamic-toolset.subjects" (index . 0) }}
{{- end -}}
