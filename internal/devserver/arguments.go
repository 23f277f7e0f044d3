package devserver

import "strconv"

// loopback is the only address that the server listens on.
const loopback = "127.0.0.1"

// tuning are the settings that make the server as fast as its parts. As it comes, it dispatches a task every 50 ms: 20
// polls a second for its one shard. With more polls, several partitions of a task queue would make few pollers wait
// for each other.
var tuning = []string{
	"history.transferProcessorMaxPollRPS=2000",
	"matching.numTaskqueueReadPartitions=1",
	"matching.numTaskqueueWritePartitions=1",
	"system.enableActivityEagerExecution=true",
}

// pragmas make a database file about as fast as memory, at the price of the last runs when the machine loses power.
var pragmas = []string{"journal_mode=WAL", "synchronous=NORMAL"}

// arguments is the command line of the server.
func arguments(options Options, port int) []string {
	arguments := []string{"server", "start-dev", "--ip", loopback, "--port", strconv.Itoa(port)}
	if options.UIPort == 0 {
		arguments = append(arguments, "--headless")
	} else {
		arguments = append(arguments, "--ui-ip", loopback, "--ui-port", strconv.Itoa(options.UIPort))
	}
	for _, setting := range tuning {
		arguments = append(arguments, "--dynamic-config-value", setting)
	}
	for _, namespace := range options.Namespaces {
		arguments = append(arguments, "--namespace", namespace)
	}
	if options.DBFilename != "" {
		arguments = append(arguments, "--db-filename", options.DBFilename)
		for _, pragma := range pragmas {
			arguments = append(arguments, "--sqlite-pragma", pragma)
		}
	}
	return arguments
}
