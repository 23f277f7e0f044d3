package okta

import (
	"html/template"
	"net/http"
)

// loginPage is what the sign-in page shows.
type loginPage struct {
	Org, ID, Username, Problem string
}

// messagePage is a page that only says something.
type messagePage struct {
	Title, Code string
	// Message is a sentence of ours, never something that was sent: it goes into the page as it is, with
	// its quotes, which is how Okta shows it.
	Message template.HTML
}

const pageStyle = `<style>
body{font-family:system-ui,sans-serif;background:#f4f4f4;display:flex;justify-content:center;padding-top:10vh;color:#1d1d21}
main{background:#fff;border:1px solid #ddd;border-radius:6px;padding:2rem;width:20rem}
h1{font-size:1.2rem;margin-top:0}label{display:block;margin:.8rem 0}
input{width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #888;border-radius:4px}
button{width:100%;padding:.6rem;border:0;border-radius:4px;background:#00297a;color:#fff;font-size:1rem}
.problem{color:#a8071a}
</style>`

var (
	loginTemplate = template.Must(template.New("login").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Org}} - Sign In</title>` + pageStyle + `</head>
<body><main><h1>Sign in to {{.Org}}</h1>
{{with .Problem}}<p class="problem" role="alert">{{.}}</p>{{end}}
<form method="post" action="` + loginPath + `">
<input type="hidden" name="id" value="{{.ID}}">
<label>Username <input name="username" autocomplete="username" value="{{.Username}}" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Sign In</button>
</form></main></body></html>
`))
	messageTemplate = template.Must(template.New("message").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>` + pageStyle + `</head>
<body><main><h1>{{.Title}}</h1>{{with .Code}}<p class="problem">{{.}}</p>{{end}}<p>{{.Message}}</p></main></body></html>
`))
)

func renderLogin(w http.ResponseWriter, status int, page loginPage) {
	render(w, status, loginTemplate, page)
}

// renderError tells a person why their sign-in can't even begin.
func renderError(w http.ResponseWriter, code string, description template.HTML) {
	renderPage(w, http.StatusBadRequest, messagePage{Title: "400 - Bad Request", Code: code, Message: description})
}

func renderPage(w http.ResponseWriter, status int, page messagePage) {
	render(w, status, messageTemplate, page)
}

func render(w http.ResponseWriter, status int, page *template.Template, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.WriteHeader(status)
	_ = page.Execute(w, data) // a browser that left is no concern of ours
}
