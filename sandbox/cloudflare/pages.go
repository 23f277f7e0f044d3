package cloudflare

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
)

// choice is something to choose on the login page.
type choice struct{ Name, Detail, URL string }

type loginPage struct {
	Account, Domain, Policy           string
	Providers, Applications, Policies []choice
}

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"indent": func(value any) (string, error) {
		encoded, err := json.MarshalIndent(value, "", "  ")
		return string(encoded), err
	},
}).Parse(`{{define "top"}}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.}}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; background: #f4f5f7; color: #1d1f24; margin: 0 }
main { max-width: 30rem; margin: 8vh auto; background: #fff; border-radius: .5rem; padding: 2rem; box-shadow: 0 1px 4px #0003 }
h1 { font-size: 1.4rem; margin-top: 0 } a.choice { display: block; padding: .7rem 1rem; margin: .5rem 0; border: 1px solid #ccd; border-radius: .4rem; color: inherit; text-decoration: none }
a.choice:hover, a.choice:focus { border-color: #0b5fff } small { color: #555 } pre { overflow: auto; background: #f4f5f7; padding: 1rem }
.allowed h1 { color: #0a7a34 } .denied h1 { color: #b3261e }
</style></head>{{end}}

{{define "choices"}}{{range .}}<a class="choice" href="{{.URL}}">{{.Name}} <small>{{.Detail}}</small></a>
{{end}}{{end}}

{{define "login"}}{{template "top" "Sign in · Cloudflare Access"}}
<body><main data-page="login"><h1>Log in to {{if .Domain}}{{.Domain}}{{else}}{{.Account}}{{end}}</h1>
{{if .Policy}}<p>This tries the policy “{{.Policy}}” by itself, an aid of this sandbox.</p>{{end}}
{{if .Providers}}<nav aria-label="Identity providers">{{template "choices" .Providers}}</nav>{{else}}<p>No login method is set up.</p>{{end}}
{{if .Applications}}<h2>Applications</h2>{{template "choices" .Applications}}{{end}}
{{if .Policies}}<h2>Try a policy by itself</h2>{{template "choices" .Policies}}{{end}}
</main></body></html>{{end}}

{{define "verdict"}}{{template "top" (or .Domain "Cloudflare Access")}}
<body><main class="{{if .Allowed}}allowed{{else}}denied{{end}}" data-decision="{{if .Allowed}}allowed{{else}}denied{{end}}" data-reason="{{.Reason}}" data-email="{{.Email}}">
{{if .Allowed}}<h1>You are in</h1>{{else}}<h1>That account does not have access</h1>{{end}}
{{if .Email}}<p>Signed in as <strong>{{.Email}}</strong>{{with .Domain}}, for {{.}}{{end}}.</p>{{end}}
<p>{{.Reason}}</p>
{{with .Groups}}<p><small>Groups: {{range $index, $group := .}}{{if $index}}, {{end}}{{$group}}{{end}}</small></p>{{end}}
</main></body></html>{{end}}

{{define "works"}}{{template "top" "Cloudflare Access"}}
<body><main class="allowed" data-test="works" data-email="{{.Email}}"><h1>Your connection works!</h1>
<p>Signed in as <strong>{{.Email}}</strong>. This is what the identity provider said:</p>
<pre>{{indent .Claims}}</pre></main></body></html>{{end}}

{{define "fails"}}{{template "top" "Cloudflare Access"}}
<body><main class="denied" data-test="fails" data-reason="{{.}}"><h1>Your connection doesn't work</h1>
<p>{{.}}</p></main></body></html>{{end}}

{{define "problem"}}{{template "top" .Name}}
<body><main class="denied" data-problem="{{.Name}}"><h1>{{.Name}}</h1><p>{{.Detail}}</p></main></body></html>{{end}}
`))

func show(w http.ResponseWriter, status int, page string, data any) {
	var body strings.Builder
	if err := pages.ExecuteTemplate(&body, page, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body.String()))
}

func showProblem(w http.ResponseWriter, status int, name, detail string) {
	show(w, status, "problem", choice{Name: name, Detail: detail})
}

// failed shows why a sign-in came to nothing: to who tests a connection in detail, to others as a denial.
func (x *Access) failed(w http.ResponseWriter, begun *flow, reason string) {
	if begun.test {
		show(w, http.StatusBadRequest, "fails", reason)
		return
	}
	show(w, http.StatusForbidden, "verdict", verdict{Reason: reason, Domain: begun.target.domain})
}
