package telemetry

import (
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Service names the program in traces and metrics. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are stronger.
func Service(name, version string) *resource.Resource {
	host, _ := os.Hostname() // "" is left out by every backend
	own := resource.NewSchemaless(
		attribute.String("service.name", name), attribute.String("service.version", version), attribute.String("host.name", host),
	)
	merged, err := resource.Merge(own, resource.Environment())
	if err != nil { // of two schemas, which these don't have
		return own
	}
	return merged
}
