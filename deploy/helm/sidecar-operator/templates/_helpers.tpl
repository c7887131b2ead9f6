{{/* The name of everything in the release: "sidecar-operator", unless the release is called something else. */}}
{{- define "sidecar-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What finds the pods: never changes for a release, because a Deployment's selector cannot. */}}
{{- define "sidecar-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sidecar-operator.labels" -}}
{{ include "sidecar-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "sidecar-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "sidecar-operator.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "sidecar-operator.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- with .Values.image.digest -}}
{{- printf "@%s" . -}}
{{- end -}}
{{- end -}}

{{/* What the values' schema cannot say. */}}
{{- define "sidecar-operator.checkValues" -}}
{{- if eq (int .Values.ports.webhook) (int .Values.ports.http) -}}
{{- fail (printf "ports.webhook and ports.http are both %d: give each its own" (int .Values.ports.http)) -}}
{{- end -}}
{{- $own := list "JAVA_TOOL_OPTIONS" "POD_NAMESPACE" "SIDECAR_OPERATOR_SERVICE" "SIDECAR_OPERATOR_WEBHOOK_PORT" "SIDECAR_OPERATOR_HTTP_PORT" "SIDECAR_OPERATOR_NAMESPACES" "SIDECAR_OPERATOR_WORKLOAD_KINDS" "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK" -}}
{{- range .Values.extraEnv -}}
{{- if has .name $own -}}
{{- fail (printf "extraEnv may not set %s: the chart sets it from another of its values" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The kinds of workloads besides those of Kubernetes, as the operator reads them. */}}
{{- define "sidecar-operator.workloadKinds" -}}
{{- $kinds := list -}}
{{- range . -}}
{{- $kinds = append $kinds (printf "%s/%s/%s=%s" .group .version .kind .templatePath) -}}
{{- end -}}
{{- join "," $kinds -}}
{{- end -}}

{{/* The CEL rule of the same name in ContainerRules; a test compares them. */}}
{{- define "sidecar-operator.requestsWithinLimits" -}}
!has(self.requests) || !has(self.limits) || self.requests.all(k, !(k in self.limits) || !isQuantity(string(self.requests[k])) || !isQuantity(string(self.limits[k])) || quantity(string(self.requests[k])).compareTo(quantity(string(self.limits[k]))) <= 0)
{{- end }}
