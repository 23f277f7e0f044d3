package advice

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// told are the packages whose messages people read.
var told = []string{
	"activities", "connection", "starter", "worker", "workflows", "internal/cloudflare", "internal/codec", "internal/config", "internal/devserver", "internal/document", "internal/nearest", "internal/okta", "internal/planner", "internal/rules", "internal/runs", "internal/secret", "internal/temporal", "internal/transport",
}

// given is an advice that the source gives. What is filled in stands in it as %v, or as a verb of fmt.
type given struct{ file, text string }

// allGiven reads the source of the told packages for the advice that they give.
func allGiven(t *testing.T) (all []given) {
	t.Helper()
	for _, folder := range told {
		for _, file := range sources(t, filepath.Join("../..", folder)) {
			finder := finder{}
			ast.Walk(&finder, parse(t, file))
			for _, text := range finder.texts {
				all = append(all, given{file, text})
			}
		}
	}
	return all
}

// unasked are the files whose texts tell what the input of a step must be. Our workflows alone write that: what a person can do is said
// beside them, in activities/wellformed.go.
var unasked = []string{"../../internal/planner/forms.go", "../../activities/memory.go", "../../activities/turn.go"}

// sources are the files of Go below a folder whose texts people read.
func sources(t *testing.T, folder string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && (entry.Name() == "genschema" || strings.HasSuffix(entry.Name(), "test")) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !slices.Contains(unasked, filepath.ToSlash(path)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no source: %v", folder, err)
	}
	return files
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// finder goes through a file and gathers the advice in it: what stands under a name for advice, and in other texts what has the form of
// one.
type finder struct{ texts []string }

var (
	// names are what code calls an advice, and what a document's fault says may be there.
	names = regexp.MustCompile(`(?i)advice$|^(rules|accepted|instead|tooMany|bounds|lookAgain|giveIt)$`)
	// help is what code calls the texts that a command line, a schema or Temporal UI describes itself with.
	help = regexp.MustCompile(`^(Use|Short|Long|Example|Description|Title|Summary|StaticSummary|usage)$`)
	// flags are the methods that make flags.
	flags = regexp.MustCompile(`^(String|Bool|Duration)(Var)?P?$`)
	// lastIsAdvice are the functions whose last argument is an advice.
	lastIsAdvice = regexp.MustCompile(`^(refuse|fault|groupName|noLookupToken)$`)
	// returnsAdvice are the functions that return one.
	returnsAdvice = regexp.MustCompile(`^(advise|advice|newToken)$`)
)

// Visit looks at a node.
func (f *finder) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.ImportSpec, *ast.Field:
		return nil
	case *ast.FuncDecl:
		if returnsAdvice.MatchString(node.Name.Name) {
			ast.Walk(adviser{f}, node.Body)
			return nil
		}
	case *ast.KeyValueExpr:
		if key, ok := node.Key.(*ast.Ident); ok {
			return f.named(key.Name, node.Value)
		}
	case *ast.ValueSpec:
		if len(node.Values) == 1 {
			return f.named(node.Names[0].Name, node.Values[0])
		}
	case *ast.AssignStmt:
		if len(node.Rhs) == 1 {
			return f.named(nameOf(node.Lhs[0]), node.Rhs[0])
		}
	case *ast.CompositeLit:
		if kind := nameOf(node.Type); kind == "Referrer" && len(node.Elts) == 2 {
			return f.named("advice", node.Elts[1])
		} else if kind == "key" {
			return nil
		}
	case *ast.CallExpr:
		return f.call(node)
	case *ast.BinaryExpr, *ast.BasicLit:
		f.plain(node.(ast.Expr))
		return nil
	}
	return f
}

// call looks at a call: an argument of it may be an advice.
func (f *finder) call(call *ast.CallExpr) ast.Visitor {
	name := nameOf(call.Fun)
	if flags.MatchString(name) {
		return nil
	}
	if !lastIsAdvice.MatchString(name) || len(call.Args) == 0 {
		return f
	}
	last := len(call.Args) - 1
	for _, each := range call.Args[:last] {
		ast.Walk(f, each)
	}
	return f.named("advice", call.Args[last])
}

// named looks at the value that something of a name is given.
func (f *finder) named(name string, value ast.Expr) ast.Visitor {
	switch {
	case help.MatchString(name):
		return nil
	case names.MatchString(name):
		ast.Walk(adviser{f}, value)
		return nil
	}
	ast.Walk(f, value)
	return nil
}

// adviser takes every text in an expression for an advice.
type adviser struct{ *finder }

// Visit looks at a node.
func (a adviser) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.CaseClause:
		for _, each := range node.Body {
			ast.Walk(a, each)
		}
		return nil
	case *ast.IfStmt:
		ast.Walk(a, node.Body)
		return nil
	case *ast.IndexExpr, *ast.KeyValueExpr:
		if pair, ok := node.(*ast.KeyValueExpr); ok {
			ast.Walk(a, pair.Value)
		}
		return nil
	case *ast.BinaryExpr, *ast.BasicLit:
		a.add(flat(node.(ast.Expr)))
		return nil
	}
	return a
}

// add notes an advice. What has fewer than two words says nothing by itself.
func (f *finder) add(text string) {
	if text = strings.TrimSpace(text); strings.Contains(strings.TrimLeft(verb.ReplaceAllString(text, ""), ";: "), " ") {
		f.texts = append(f.texts, text)
	}
}

// form is where an advice begins in a text that says first what happened: after a semicolon, a colon, a full stop or a question.
var form = regexp.MustCompile("(?:^|[;:.?] )(?:it must|try again in)\\b.*|(?:^|[;:,] )(?:which )?must .*|[;:,] (?:delete it|look for it) .*|[;:.?] (?:or |then )?(?i:(?:" + strings.Join([]string{
	"add", "allow", "ask for", "change", "check", "choose", "compare", "copy", "correct", "create", "edit", "enable", "end it", "finish", "follow", "give",
	"install", "leave", "let", "look with", "make one", "name another", "put", "run:", "run `", "say", "see", "send", "set", "start", "take", "try again", "upgrade", "use", "wait", "write",
	"did you mean", "is (?:one|a worker|the server) running", "beyond this machine it must", "known here are", "the variables of", "an origin is", "the worker needs",
	"an ID names",
}, "|") + ")(?:\\b|[ :`]).*)|[^;:.?]*(?:See `|starter (?:plan|connect|disconnect|resume|rollback|cancel|watch)\\b).*")

// plain finds the advice in a text that doesn't stand under a name for one.
func (f *finder) plain(value ast.Expr) {
	text := strings.ReplaceAll(flat(value), "\n", " ")
	if advice := strings.TrimLeft(form.FindString(text), ";:.?, "); !strings.HasSuffix(advice, "%w") {
		f.add(advice)
	}
}

// flat is a text that is put together, with %v for what is filled in.
func flat(value ast.Expr) string {
	switch value := value.(type) {
	case *ast.BasicLit:
		if value.Kind == token.STRING {
			text, _ := strconv.Unquote(value.Value)
			return text
		}
	case *ast.BinaryExpr:
		if value.Op == token.ADD {
			return flat(value.X) + flat(value.Y)
		}
		return ""
	case *ast.ParenExpr:
		return flat(value.X)
	}
	return "%v"
}

func nameOf(node ast.Expr) string {
	switch node := node.(type) {
	case *ast.Ident:
		return node.Name
	case *ast.SelectorExpr:
		return node.Sel.Name
	}
	return ""
}
