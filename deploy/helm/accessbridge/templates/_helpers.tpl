{{- define "accessbridge.name" -}}
{{- printf "%s-worker" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "accessbridge.selector" -}}
app.kubernetes.io/name: accessbridge
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "accessbridge.metadata" -}}
name: {{ include "accessbridge.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "accessbridge.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
