package codec_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/codec"
)

// value is a key's bytes as a file writes them.
var value = base64.StdEncoding.EncodeToString([]byte("a key that nobody else may see!!"))

func TestParse_ReadsAKey(t *testing.T) {
	t.Parallel()
	parsed, err := codec.Parse(" 2026-11:" + value + "\n")
	if err != nil || parsed.ID != "2026-11" || parsed.Value.Reveal() != "a key that nobody else may see!!" {
		t.Errorf("Parse: %v, %v", parsed, err)
	}
}

func TestParse_FaultsShowNothingOfTheKey(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no ID": value, "empty ID": ":" + value, "key for ID": value + ":x", "not base64": "a:" + value + "!", "short": "a:" + value[:20], "empty": "a:",
	} {
		_, err := codec.Parse(text)
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), value[:8]) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
}

func TestReadFile_ReadsEveryLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte("# newest first\nnew:"+value+"\n\n old:"+value+" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := codec.ReadFile(file)
	if err != nil || len(keys) != 2 || keys[0].ID != "new" || keys[1].ID != "old" {
		t.Errorf("ReadFile: %v, %v", keys, err)
	}
}

func TestReadFile_FaultsNameTheFileAndTheLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, test := range map[string]struct{ content, want string }{
		"empty": {"\n# none\n", "holds no key"}, "second line": {"a:" + value + "\nb\n", "line 2"},
	} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := codec.ReadFile(file); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if _, err := codec.ReadFile(filepath.Join(folder, "none")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: the error is %v", err)
	}
	if _, err := codec.ReadFile(folder); err == nil || !strings.Contains(err.Error(), "regular file") {
		t.Errorf("directory: the error is %v", err)
	}
}
