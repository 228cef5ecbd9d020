{{- define "agent.labels" -}}
app.kubernetes.io/name: orkestra-agent
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: orkestra-agent
{{- end }}
