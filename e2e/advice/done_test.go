package advice

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// done is a row of a test that does what an advice says.
type done struct {
	folder, text string
	// by is the test that does it, where that isn't the row's own.
	by string
}

// allDone reads the tables of tests for the advice that they do. A row in Go names it in a field advice, in a file whose name begins with
// advice; a script says it in the command advises.
func allDone(t *testing.T) []done {
	t.Helper()
	all := slices.Clone(elsewhere)
	for _, file := range found(t, "../../*/advice*_test.go", "../../*/*/advice*_test.go") {
		ast.Inspect(parse(t, file), func(node ast.Node) bool {
			row, ok := node.(*ast.CompositeLit)
			if !ok {
				return true
			}
			each := done{folder: folderOf(file), text: field(row, "advice"), by: field(row, "doneBy")}
			if each.text != "" {
				all = append(all, each)
			}
			return true
		})
	}
	for _, file := range found(t, "../../*/testdata/script/*.txtar") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range advises.FindAllStringSubmatch(string(text), -1) {
			all = append(all, done{folder: "starter", text: strings.ReplaceAll(said[1], "''", "'")})
		}
	}
	return all
}

// advises is the command of a script that wants an advice, which what follows does.
var advises = regexp.MustCompile(`(?m)^advises '((?:[^']|'')+)'$`)

func found(t *testing.T, patterns ...string) (files []string) {
	t.Helper()
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil || len(matches) == 0 {
			t.Fatalf("no file is named %s: %v", pattern, err)
		}
		files = append(files, matches...)
	}
	return files
}

// folderOf is a file's folder in the project.
func folderOf(file string) string {
	return filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(file), "../../")))
}

// field is the text of a row's field, "" where it has none.
func field(row *ast.CompositeLit, name string) string {
	for _, element := range row.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == name {
			return flat(pair.Value)
		}
	}
	return ""
}

// doneIn are the folders whose tests do the advice of a package, besides its own: those where people meet it.
var doneIn = map[string][]string{
	"activities": {"e2e"}, "connection": {"internal/document"}, "workflows": {"e2e"}, "internal/cloudflare": {"e2e"}, "internal/planner": {"e2e"},
	"internal/codec": {"internal/config", "starter"}, "internal/secret": {"internal/config"},
	"internal/runs": {"starter", "e2e"}, "internal/temporal": {"starter"}, "starter": {"e2e"}, "starter/view": {"starter", "e2e"},
}

func TestAdvice_EachThatIsGiven_IsDoneInATest(t *testing.T) {
	t.Parallel()
	rows := allDone(t)
	for _, each := range allGiven(t) {
		folders := append([]string{folderOf(each.file)}, doneIn[folderOf(each.file)]...)
		if !slices.ContainsFunc(rows, func(row done) bool { return slices.Contains(folders, row.folder) && says(each.text, row.text) }) {
			t.Errorf("no test in %s does what this advice of %s says: %q", strings.Join(folders, ", "), each.file, each.text)
		}
	}
}

func TestAdvice_EachThatATestDoes_IsGiven(t *testing.T) {
	t.Parallel()
	all := allGiven(t)
	for _, row := range allDone(t) {
		if !slices.ContainsFunc(all, func(each given) bool { return says(each.text, row.text) }) {
			t.Errorf("no such advice is given any more: %q, a row in %s", row.text, row.folder)
		}
	}
}

// TestAdvice_EachTestThatARowNames_IsThere looks for the tests that rows leave the doing to.
func TestAdvice_EachTestThatARowNames_IsThere(t *testing.T) {
	t.Parallel()
	for _, row := range allDone(t) {
		if row.by == "" {
			continue
		}
		there := slices.ContainsFunc(found(t, filepath.Join("../..", row.folder, "*_test.go")), func(file string) bool {
			return slices.ContainsFunc(parse(t, file).Decls, func(declared ast.Decl) bool {
				function, ok := declared.(*ast.FuncDecl)
				return ok && function.Recv == nil && function.Name.Name == row.by
			})
		})
		if !there {
			t.Errorf("%s has no test %s any more, which did what this advice says: %q", row.folder, row.by, row.text)
		}
	}
}

// verb is what is filled in.
var verb = regexp.MustCompile(`%(?:\[\d+\])?[a-z]`)

// says reports whether a row is about an advice: it has the advice's words, with something filled in, or begins as the advice does. It may
// end in what is filled in, where the words before tell which advice it is.
func says(advice, row string) bool {
	parts := verb.Split(advice, -1)
	if row != "" && strings.HasPrefix(parts[0], row) {
		return true
	}
	rest, begins := strings.CutPrefix(row, parts[0])
	if !begins {
		return false
	}
	for _, part := range parts[1:] {
		at := strings.Index(rest, part)
		if at < 0 {
			return len(parts[0]) > 12
		}
		rest = rest[at+len(part):]
	}
	return true
}
