// Expands templates of alert annotations as Grafana does: text/template, with the variables that
// pkg/services/ngalert/state/template puts before each, and the functions of Prometheus that ours use.
package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"text/template"
)

type value struct{ Value float64 }

type alert struct {
	Template string
	Labels   map[string]string
	Values   map[string]value
}

func expand(one alert) string {
	functions := template.FuncMap{
		"externalURL":  func() string { return "https://grafana.example/root/" },
		"reReplaceAll": func(pattern, to, text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, to) },
	}
	text := "{{- $labels := .Labels -}}{{- $values := .Values -}}" + one.Template
	parsed := template.Must(template.New("annotation").Option("missingkey=invalid").Funcs(functions).Parse(text))
	var out strings.Builder
	if err := parsed.Execute(&out, one); err != nil {
		panic(err)
	}
	return out.String()
}

func main() {
	var alerts []alert
	if err := json.NewDecoder(os.Stdin).Decode(&alerts); err != nil {
		panic(err)
	}
	texts := []string{}
	for _, one := range alerts {
		texts = append(texts, expand(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		panic(err)
	}
}
