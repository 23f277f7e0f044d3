package codec_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/secret"
)

const (
	ui    = "http://localhost:8233"
	token = "a-token-that-nobody-else-may-see"
)

// served is a codec server with key "a"; it asks for the token unless that is "".
func served(t *testing.T, token string) *httptest.Server {
	t.Helper()
	serving := httptest.NewServer(codec.NewServer(newCodec(t, key("a", 'a')), codec.ServerOptions{Origins: []string{ui}, Token: secret.New(token)}))
	t.Cleanup(serving.Close)
	return serving
}

// ask sends a request with header fields, in pairs of name and value, and returns the answer with its body.
func ask(t *testing.T, method, address string, body []byte, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if request.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			request.Host = header[i+1]
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// encrypted is the body of a request to decode what the key of the ID encrypted.
func encrypted(t *testing.T, id string) []byte {
	t.Helper()
	body, err := json.Marshal(&commonpb.Payloads{Payloads: encode(t, newCodec(t, key(id, 'a')))})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// decoded fails the test unless an answer holds the readable payload.
func decoded(t *testing.T, response *http.Response, body string) {
	t.Helper()
	var got commonpb.Payloads
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the answer is %s: %s", response.Status, body)
	}
	if err := protojson.Unmarshal([]byte(body), &got); err != nil || len(got.GetPayloads()) != 2 || !strings.Contains(string(got.GetPayloads()[0].GetData()), "Cloudflare Access") {
		t.Errorf("the answer is %s, %v", body, err)
	}
}

func TestServer_Decodes_WithTheTokenAlone(t *testing.T) {
	t.Parallel()
	serving := served(t, token)
	for name, authorization := range map[string]string{"none": "", "wrong": "Bearer x", "longer": "Bearer " + token + "x", "no scheme": token, "empty": "Bearer "} {
		response, body := ask(t, http.MethodPost, serving.URL+"/decode", encrypted(t, "a"), "Authorization", authorization)
		if response.StatusCode != http.StatusUnauthorized || strings.Contains(body, "Cloudflare") {
			t.Errorf("%s: the answer is %s: %s", name, response.Status, body)
		}
	}
	for _, path := range []string{"/decode", "/default/decode"} {
		response, body := ask(t, http.MethodPost, serving.URL+path, encrypted(t, "a"), "Authorization", "Bearer "+token)
		decoded(t, response, body)
	}
	response, body := ask(t, http.MethodPost, served(t, "").URL+"/decode", encrypted(t, "a"))
	decoded(t, response, body)
}

func TestServer_UnknownKey_IsNamed(t *testing.T) {
	t.Parallel()
	response, body := ask(t, http.MethodPost, served(t, "").URL+"/decode", encrypted(t, "z"))
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, `key "z"`) {
		t.Errorf("the answer is %s: %s", response.Status, body)
	}
}

func TestServer_CORS_IsForTemporalUIAlone(t *testing.T) {
	t.Parallel()
	serving := served(t, token)
	preflight, _ := ask(t, http.MethodOptions, serving.URL+"/decode", nil, "Origin", ui, "Access-Control-Request-Method", "POST")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": ui, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "POST, OPTIONS",
		"Access-Control-Allow-Headers": "Authorization, Content-Type, X-Namespace", "Vary": "Origin",
	} {
		if got := preflight.Header.Get(name); preflight.StatusCode != http.StatusNoContent || got != want {
			t.Errorf("the answer is %s, %s: %q, want %q", preflight.Status, name, got, want)
		}
	}
	for _, method := range []string{http.MethodOptions, http.MethodPost} {
		response, _ := ask(t, method, serving.URL+"/decode", encrypted(t, "a"), "Origin", "https://evil.example", "Authorization", "Bearer "+token)
		if response.StatusCode != http.StatusForbidden || response.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s of another origin: %s, %v", method, response.Status, response.Header)
		}
	}
}

func TestServer_WithoutToken_AnswersNoForeignName(t *testing.T) {
	t.Parallel()
	response, _ := ask(t, http.MethodPost, served(t, "").URL+"/decode", encrypted(t, "a"), "Host", "rebound.evil.example")
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("the answer is %s", response.Status)
	}
}

func TestServer_ABrowserThatShowedTheToken_Decodes(t *testing.T) {
	t.Parallel()
	serving := served(t, token)
	signIn := func(token string) *http.Response {
		form := url.Values{"token": {token}}.Encode()
		response, _ := ask(t, http.MethodPost, serving.URL+"/", []byte(form), "Content-Type", "application/x-www-form-urlencoded", "Origin", serving.URL)
		return response
	}
	if refused := signIn("x"); refused.StatusCode != http.StatusUnauthorized || len(refused.Cookies()) != 0 {
		t.Errorf("another token: %s, %v", refused.Status, refused.Cookies())
	}
	cookies := signIn(token).Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || strings.Contains(cookies[0].Value, token) {
		t.Fatalf("the cookies are %v", cookies)
	}
	response, body := ask(t, http.MethodPost, serving.URL+"/decode", encrypted(t, "a"), "Origin", ui, "Cookie", cookies[0].Name+"="+cookies[0].Value)
	decoded(t, response, body)
	response, _ = ask(t, http.MethodPost, serving.URL+"/decode", encrypted(t, "a"), "Cookie", cookies[0].Name+"=x")
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("another cookie: %s", response.Status)
	}
}
