package document

import _ "embed"

// Schema is the JSON schema of the document, by which editors complete and check it. It says less than Parse does.
//
//go:generate sh -c "cd ../.. && go run ./internal/document/genschema"
//go:embed connection.schema.json
var Schema string
