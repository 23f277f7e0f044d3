package contract_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/contract"
)

func page(t *testing.T) contract.Page {
	t.Helper()
	page, err := contract.ReadPage("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// same fails the test when the page names others than there are. Their order is free.
func same(t *testing.T, what string, named, there []string) {
	t.Helper()
	if len(there) == 0 {
		t.Errorf("there are no %s: this proves nothing", what)
	}
	if diff := cmp.Diff(there, named, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("docs/contract.md names other %s than there are (-there +named):\n%s", what, diff)
	}
}

func TestPage_NamesWhatPackageConnectionNames(t *testing.T) {
	t.Parallel()
	page, constants := page(t), constants(t)
	of := func(chosen func(string) bool) (values []string) {
		for name, value := range constants {
			if chosen(name) {
				values = append(values, value)
			}
		}
		return values
	}
	ending := func(suffix string) []string {
		return of(func(name string) bool { return strings.HasSuffix(name, suffix) })
	}
	starting := func(prefix string) []string {
		return of(func(name string) bool { return strings.HasPrefix(name, prefix) })
	}
	same(t, "workflow types", page.Column("workflow type", "workflow type"), ending("Workflow"))
	same(t, "queries", page.OfKind("query"), ending("Query"))
	same(t, "updates", page.OfKind("update"), ending("Update"))
	same(t, "signals", page.OfKind("signal"), ending("Signal"))
	same(t, "memo keys", page.Column("memo key", "memo key"), starting("Memo"))
	same(t, "error types", page.Column("what happened", "error type"), starting("Error"))
	ids := []string{connection.WorkflowID("NAME"), connection.WorkflowID("NAME"), connection.PlanWorkflowID("NAME")}
	same(t, "workflow IDs", page.Column("workflow type", "workflow ID"), ids)
}

// constants are the text constants of package connection that are of no type of its own.
func constants(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../connection/*.go")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if constant, ok := node.(*ast.ValueSpec); ok && constant.Type == nil && len(constant.Values) == 1 {
				if literal, ok := constant.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
					values[constant.Names[0].Name], _ = strconv.Unquote(literal.Value)
				}
			}
			return true
		})
	}
	return values
}

func TestPage_HasTheMessagesOfTheSchemas(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/contract.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schemas struct {
		Title       string
		Definitions map[string]struct {
			Properties map[string]any
			Enum       []string
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schemas); err != nil {
		t.Fatal(err)
	}
	page := page(t)
	named := slices.Concat(page.Column("message", "message"), page.Column("type", "type"))
	same(t, "messages and types", named, slices.Collect(maps.Keys(schemas.Definitions)))
	for _, row := range page["message"] {
		message := contract.Names(row["message"])[0]
		same(t, "fields of "+message, contract.Names(row["fields"]), slices.Collect(maps.Keys(schemas.Definitions[message].Properties)))
	}
	for _, row := range page["type"] {
		kind := contract.Names(row["type"])[0]
		same(t, "values of "+kind, contract.Names(row["values"]), schemas.Definitions[kind].Enum)
	}
	ended := slices.DeleteFunc(schemas.Definitions["RunState"].Enum, func(state string) bool { return !connection.RunState(state).Ended() })
	same(t, "states of an ended run", page.Column("what happened", "state"), ended)
	for _, column := range []string{"input", "result"} {
		for _, message := range page.Column("workflow type", column) {
			if schemas.Definitions[message].Properties == nil {
				t.Errorf("a workflow's %s is said to be a %s, which is no message", column, message)
			}
		}
	}
}

func TestPage_TellsTheVersion(t *testing.T) {
	t.Parallel()
	for file, words := range map[string]string{
		"contract.md":          "\nVersion **" + connection.ContractVersion + "**",
		"contract.schema.json": `"description": "Version ` + connection.ContractVersion + ":",
	} {
		text, err := os.ReadFile("../../docs/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), words) {
			t.Errorf("docs/%s doesn't say %s", file, words)
		}
	}
}
