package transport

import (
	"maps"
	"net/http"
	"net/url"
	stdpath "path"
	"slices"
	"strings"
)

// OtherEndpoint stands for every path that is not in the table.
const OtherEndpoint = "other"

// Endpoints is the table of what a provider is asked for. Its paths have names in place of ids, so there are few of them.
type Endpoints struct {
	root  string
	kinds map[string]string
	mux   *http.ServeMux
}

// NewEndpoints makes the table, from paths such as /api/v1/apps/{app} to what a change there changes, in people's words. Paths begin with
// the root: what comes before it, such as the path of a base URL, is left out.
func NewEndpoints(root string, kinds map[string]string) *Endpoints {
	e := &Endpoints{root: root, kinds: kinds, mux: http.NewServeMux()}
	for path := range kinds {
		e.mux.Handle(path, http.NotFoundHandler())
	}
	return e
}

// Find is the path in the table that a request's path is an example of, or OtherEndpoint; what a change there changes; and the ids.
func (e *Endpoints) Find(path string) (endpoint, kind string, ids []string) {
	if e == nil {
		return OtherEndpoint, "", nil
	}
	if at := strings.Index(path, e.root); at > 0 {
		path = path[at:]
	}
	if path == "" || stdpath.Clean(path) != path { // the table would answer for the clean one
		return OtherEndpoint, "", nil
	}
	_, endpoint = e.mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	if endpoint == "" {
		return OtherEndpoint, "", nil
	}
	values := strings.Split(path, "/")
	for at, name := range strings.Split(endpoint, "/") {
		if strings.HasPrefix(name, "{") {
			ids = append(ids, values[at])
		}
	}
	return endpoint, e.kinds[endpoint], ids
}

// Paths are the paths of the table, sorted.
func (e *Endpoints) Paths() []string { return slices.Sorted(maps.Keys(e.kinds)) }
