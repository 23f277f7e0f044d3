package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

// newHealthCommand asks a running sandbox whether it answers: a container's health check, where there is no
// other program to ask with.
func newHealthCommand() *cobra.Command {
	var caFile string
	command := &cobra.Command{
		Use:     "health [URL...]",
		Short:   "Ask a running sandbox whether it answers",
		Example: "  sandbox health --ca .sandbox/ca.pem https://127.0.0.1:9443 https://127.0.0.1:9444",
		RunE: func(command *cobra.Command, origins []string) error {
			client, err := newClient(caFile)
			if err != nil {
				return err
			}
			if len(origins) == 0 {
				origins = []string{"https://127.0.0.1:9444"}
			}
			for _, origin := range origins {
				request, err := http.NewRequestWithContext(command.Context(), http.MethodGet, origin+"/_sandbox/faults", nil)
				if err != nil {
					return err
				}
				response, err := client.Do(request)
				if err != nil {
					return err
				}
				if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
					return fmt.Errorf("%s answers %d", origin, response.StatusCode)
				}
			}
			return nil
		},
	}
	command.Flags().StringVar(&caFile, "ca", ".sandbox/ca.pem", "the certificate authority to trust")
	return command
}
