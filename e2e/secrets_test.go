package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// secretOf reads an app's client secret from where Okta shows it.
func (b *bench) secretOf(appID string) string {
	b.t.Helper()
	org := b.Sandbox.Orgs["acme"]
	request, err := http.NewRequestWithContext(b.ctx, http.MethodGet, org.URL+"/api/v1/apps/"+appID+"/credentials/secrets", http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Authorization", "SSWS "+org.Token)
	response, err := b.Sandbox.CA.Client().Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var secrets []struct {
		Secret string `json:"client_secret"`
	}
	if err := json.NewDecoder(response.Body).Decode(&secrets); err != nil || len(secrets) == 0 || secrets[0].Secret == "" {
		b.t.Fatalf("read the client secret: %v", err)
	}
	return secrets[0].Secret
}

// history is a run's history as it can be exported.
func (b *bench) history(run client.WorkflowRun) string {
	b.t.Helper()
	var text strings.Builder
	events := b.Client.GetWorkflowHistory(b.ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			b.t.Fatal(err)
		}
		text.WriteString(protojson.Format(event))
		for _, payload := range payloadData(event) {
			text.WriteString(payload)
		}
	}
	return text.String()
}

func TestSecrets_FailuresAndRetries_AppearNowhere(t *testing.T) {
	b := setUp(t, nil)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindDropAfter, Count: 1})
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 503, Count: 1})
	connected := b.start(connection.ConnectWorkflow, b.spec())
	result := b.result(connected)
	canaries := map[string]string{
		"client secret": b.secretOf(result.AppID), "Okta token": b.Sandbox.Orgs["acme"].Token, "Cloudflare token": b.Sandbox.Accounts["acme"].Token,
	}
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	edited := b.spec()
	edited.Cloudflare.IDPName = "Sign in"
	failed := b.start(connection.ConnectWorkflow, edited)
	b.failure(failed, connection.ErrorRolledBack)
	status := b.Starter(b.ctx, "status", b.name)
	places := map[string]string{
		"history of the run that connected":      b.history(connected),
		"history of the run that failed":         b.history(failed),
		"worker's output at debug level":         b.Worker.Output(),
		"starter's output":                       status.Stdout + status.Stderr,
		"error of the run that failed":           fmt.Sprint(failed.Get(b.ctx, nil)),
		"what the run tells of its own progress": fmt.Sprintf("%+v", b.progress(failed)),
	}
	for place, text := range places {
		if len(text) < 40 {
			t.Errorf("%s is too short to have been looked at: %q", place, text)
		}
		for name, canary := range canaries {
			for _, form := range forms(canary) {
				if strings.Contains(text, form) {
					t.Errorf("the %s is in the %s", name, place)
				}
			}
		}
	}
}

// forms are the ways in which a secret can be written, and parts of it.
func forms(secret string) []string {
	return []string{
		secret, secret[:len(secret)/2], secret[len(secret)/2:], url.QueryEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
}
