package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/host"
)

// advised is an advice that a refusal gives. What it says is done, once for each way out, and then nothing is refused any more.
type advised struct {
	// advice is how it begins, as the planner has it.
	advice string
	seed   func(*host.Options)
	// refused makes what the document is refused for; spec is the document until then.
	refused func(b *bench, spec *connection.Spec)
	// away means that a disconnect is refused, instead of a connect.
	away bool
	ways []way
}

// way does what the advice says; it may change the document.
type way func(b *bench, spec *connection.Spec, advice string)

func TestAdvice_IsDone_AndNothingIsRefusedAnyMore(t *testing.T) {
	for _, row := range slices.Concat(groupAdvice, appAdvice, identityProviderAdvice, applicationAdvice) {
		for i, done := range row.ways {
			t.Run(row.advice+", way "+strconv.Itoa(i+1), func(t *testing.T) { row.follow(t, done) })
		}
	}
}

func (row advised) follow(t *testing.T, done way) {
	b := setUp(t, row.seed)
	spec := b.spec()
	row.refused(b, &spec)
	spec = spec.WithDefaults()
	workflow := connection.ConnectWorkflow
	if row.away {
		workflow = connection.DisconnectWorkflow
	}
	failure := b.failure(b.start(workflow, spec), connection.ErrorRefused).Failure
	at := slices.IndexFunc(failure.Problems, func(problem connection.Problem) bool { return strings.HasPrefix(problem.Advice, row.advice) })
	if at < 0 {
		t.Fatalf("it is refused with other advice: %+v", failure)
	}
	done(b, &spec, failure.Problems[at].Advice)
	result := b.result(b.start(workflow, spec.WithDefaults()))
	if !result.State.Ended() || result.Failure != nil {
		t.Errorf("what the advice says was done, and the run ended %s: %+v", result.State, result.Failure)
	}
}

// TestAdvice_EachThatThePlannerGives_IsDoneInATest reads the planner for advice that no row above does.
func TestAdvice_EachThatThePlannerGives_IsDoneInATest(t *testing.T) {
	t.Parallel()
	rows := slices.Concat(groupAdvice, appAdvice, identityProviderAdvice, applicationAdvice)
	given := adviceIn(t, "../internal/planner")
	if len(given) < 20 {
		t.Fatalf("only %d pieces of advice were found in the planner: %q", len(given), given)
	}
	for _, advice := range given {
		if !slices.ContainsFunc(rows, func(row advised) bool {
			return strings.HasPrefix(advice, row.advice) || strings.HasPrefix(row.advice, advice)
		}) {
			t.Errorf("no test does what this advice says: %q", advice)
		}
	}
	for _, row := range rows {
		if !slices.ContainsFunc(given, func(advice string) bool {
			return strings.HasPrefix(advice, row.advice) || strings.HasPrefix(row.advice, advice)
		}) {
			t.Errorf("the planner gives no such advice any more: %q", row.advice)
		}
	}
}

// adviceIn are the texts that a package gives as advice, each up to the first thing that is filled in: what stands under the name advice, or
// comes second to a function that refuses.
func adviceIn(t *testing.T, folder string) (texts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			if value := adviceOf(node); value != nil {
				if text := firstText(value); text != "" {
					texts = append(texts, text)
				}
			}
			return true
		})
	}
	return texts
}

// adviceNames are what planner code calls an advice.
var adviceNames = regexp.MustCompile(`(?i)advice$|^rules$`)

// adviceOf is the value that a node gives to an advice.
func adviceOf(node ast.Node) ast.Expr {
	switch node := node.(type) {
	case *ast.KeyValueExpr:
		if key, ok := node.Key.(*ast.Ident); ok && adviceNames.MatchString(key.Name) {
			return node.Value
		}
	case *ast.ValueSpec:
		if len(node.Values) == 1 && adviceNames.MatchString(node.Names[0].Name) {
			return node.Values[0]
		}
	case *ast.AssignStmt:
		name := ""
		switch left := node.Lhs[0].(type) {
		case *ast.Ident:
			name = left.Name
		case *ast.SelectorExpr:
			name = left.Sel.Name
		}
		if adviceNames.MatchString(name) {
			return node.Rhs[0]
		}
	case *ast.CallExpr:
		if called, ok := node.Fun.(*ast.Ident); ok && called.Name == "refuse" && len(node.Args) == 2 {
			return node.Args[1]
		}
	case *ast.CompositeLit:
		if kind, ok := node.Type.(*ast.Ident); ok && kind.Name == "Referrer" && len(node.Elts) == 2 {
			return node.Elts[1]
		}
	}
	return nil
}

// firstText is the first text in an expression, up to what is filled in.
func firstText(value ast.Expr) (text string) {
	ast.Inspect(value, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && text == "" && literal.Kind == token.STRING {
			text, _ = strconv.Unquote(literal.Value)
			text, _, _ = strings.Cut(text, "%")
		}
		return text == ""
	})
	return text
}
