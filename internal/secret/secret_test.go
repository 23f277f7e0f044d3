package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	goccy "github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	yaml "go.yaml.in/yaml/v3"

	"github.com/accessbridge/accessbridge/internal/secret"
)

const token = "00TokenThatNobodyMaySee"

// holder has a secret where methods are found, and where reflection finds no methods.
type holder struct {
	Token  secret.Secret
	Tokens map[string]secret.Secret
	hidden secret.Secret
}

func printed(write func(io.Writer) error) string {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return "error: " + err.Error()
	}
	return out.String()
}

func TestSecret_IsShownByNoRoad(t *testing.T) {
	t.Parallel()
	hidden := secret.New(token)
	held := holder{Token: hidden, Tokens: map[string]secret.Secret{"acme": hidden}, hidden: hidden}
	logger := func(handler slog.Handler) {
		slog.New(handler).Info("held", "token", hidden, "pointer", &hidden, "all", held)
	}
	roads := map[string]func(io.Writer) error{
		"json": func(w io.Writer) error { return json.NewEncoder(w).Encode(held) },
		"json map key": func(w io.Writer) error {
			return json.NewEncoder(w).Encode(map[string]any{"token": &hidden})
		},
		"yaml of goccy": func(w io.Writer) error { return goccy.NewEncoder(w).Encode(held) },
		"yaml v3":       func(w io.Writer) error { return yaml.NewEncoder(w).Encode(held) },
		"xml":           func(w io.Writer) error { return xml.NewEncoder(w).Encode(struct{ Token secret.Secret }{hidden}) },
		"gob":           func(w io.Writer) error { return gob.NewEncoder(w).Encode(hidden) },
		"slog text":     func(w io.Writer) error { logger(slog.NewTextHandler(w, nil)); return nil },
		"slog json":     func(w io.Writer) error { logger(slog.NewJSONHandler(w, nil)); return nil },
		"template":      func(w io.Writer) error { return template.Must(template.New("").Parse("{{.}}")).Execute(w, held) },
		"wrapped error": func(w io.Writer) error { return fmt.Errorf("with %v: %w", hidden, errors.ErrUnsupported) },
		"difference": func(w io.Writer) error {
			_, err := io.WriteString(w, cmp.Diff(hidden, secret.New("other")))
			return err
		},
		"fmt.Sprint":     func(w io.Writer) error { _, err := fmt.Fprint(w, hidden, &hidden, held); return err },
		"String":         func(w io.Writer) error { _, err := io.WriteString(w, hidden.String()+hidden.GoString()); return err },
		"unhidden field": func(w io.Writer) error { _, err := fmt.Fprintf(w, "%+v", held.hidden); return err },
	}
	for _, verb := range strings.Split("v +v #v s q x X # x d t b c o U e g p T w 10s -20v", " ") {
		roads["fmt %"+verb] = func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%"+verb+" %"+verb+" %"+verb, hidden, held, []any{&hidden, &held})
			return err
		}
	}
	for name, road := range roads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := printed(road)
			for _, form := range []string{token, fmt.Sprintf("%x", token), fmt.Sprintf("%X", token), fmt.Sprintf("%v", []byte(token))} {
				if strings.Contains(shown, form) {
					t.Errorf("the secret is shown: %s", shown)
				}
			}
		})
	}
}

func TestSecret_SaysThatItIsRedacted(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, secret.New(token)); got != secret.Redacted {
			t.Errorf("%s gives %q, want %q", verb, got, secret.Redacted)
		}
	}
}

func TestSecret_HoldsItsValue(t *testing.T) {
	t.Parallel()
	if got := secret.New(token).Reveal(); got != token {
		t.Errorf("Reveal() = %q", got)
	}
	if got := (secret.Secret{}).Reveal(); got != "" {
		t.Errorf("the zero Secret reveals %q", got)
	}
	if secret.New(token).IsZero() || !secret.New("").IsZero() || !(secret.Secret{}).IsZero() {
		t.Error("IsZero must tell an empty Secret from one that holds something")
	}
}

func TestSecret_EqualComparesValues(t *testing.T) {
	t.Parallel()
	if !secret.New(token).Equal(secret.New(token)) || secret.New(token).Equal(secret.New(token+"x")) || secret.New(token).Equal(secret.Secret{}) {
		t.Error("Equal must compare what the Secrets hold")
	}
}
