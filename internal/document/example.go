package document

import _ "embed"

// Example is a document in which every field is shown and explained: what `starter init` writes.
//
//go:embed example.yaml
var Example string
