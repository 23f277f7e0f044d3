package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestLay_Entries_AreFoundByModule(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	err := lay(fstest.MapFS{
		"GO-2024-0001.json": {Data: []byte(`{"id":"GO-2024-0001","modified":"2024-01-02T03:04:05Z","aliases":["CVE-1"],"affected":[
			{"package":{"name":"example.org/a"},"ranges":[{"events":[{"introduced":"0"},{"fixed":"1.2.0"},{"introduced":"1.3.0"},{"fixed":"1.3.1"}]}]},
			{"package":{"name":"example.org/a"}}, {"package":{"name":"stdlib"}}]}`)},
		"GO-2024-0002.json": {Data: []byte(`{"id":"GO-2024-0002","modified":"2024-01-02T03:04:05Z","affected":[{"package":{"name":"example.org/a"}}]}`)},
		"README.json":       {Data: []byte(`nothing of the database`)},
	}, folder)
	if err != nil {
		t.Fatal(err)
	}
	var modules []module
	text, err := os.ReadFile(filepath.Join(folder, "index", "modules.json"))
	if err != nil || json.Unmarshal(text, &modules) != nil {
		t.Fatalf("%s, %v", text, err)
	}
	if len(modules) != 2 || modules[0].Path != "example.org/a" || len(modules[0].Vulnerabilities) != 2 || modules[0].Vulnerabilities[0].Fixed != "1.3.1" || modules[1].Path != "stdlib" {
		t.Errorf("the modules: %+v", modules)
	}
	for _, name := range []string{"ID/GO-2024-0001.json", "ID/GO-2024-0002.json", "index/db.json", "index/vulns.json"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	if err := lay(fstest.MapFS{}, folder); err == nil {
		t.Error("a database without entries is taken for one")
	}
}

func TestTell_WhatCanBeMended_IsNotClean(t *testing.T) {
	t.Parallel()
	const ofModule = `{"finding":{"osv":"GO-1","fixed_version":"v1.2.0","trace":[{"module":"example.org/a","version":"v1.1.0","package":"example.org/a","function":"F"}]}}`
	ofGo := strings.NewReplacer("example.org/a", "stdlib", "v1.2.0", "v1.10.0").Replace(ofModule) + strings.NewReplacer("GO-1", "GO-2", "example.org/a", "stdlib", "v1.2.0", "v1.9.0").Replace(ofModule)
	for name, test := range map[string]struct {
		answer string
		clean  bool
		says   string
	}{
		"nothing":            {`{"config":{}} {"osv":{"id":"GO-1"}}`, true, "no known vulnerability"},
		"of a module":        {ofModule, false, "go get example.org/a@v1.2.0"},
		"not in the program": {strings.Replace(ofModule, `,"function":"F"`, "", 1), true, "no known vulnerability"},
		"of Go":              {ofGo, true, "2 known vulnerabilities, the last of them fixed in go1.10.0"},
		"that nothing fixes": {strings.Replace(ofModule, `"fixed_version":"v1.2.0",`, "", 1), false, "no version fixes it yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := read(strings.NewReader(test.answer))
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if clean := found.tell(&out, "worker"); clean != test.clean || !strings.Contains(out.String(), test.says) {
				t.Errorf("clean: %t, and it says %q", clean, &out)
			}
		})
	}
	if _, err := read(strings.NewReader(`{"finding":`)); err == nil {
		t.Error("half an answer is taken for one")
	}
}
