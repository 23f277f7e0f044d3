package codec

import (
	"context"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// Converters are what a client of Temporal writes and reads with.
type Converters struct {
	Data    converter.DataConverter
	Failure converter.FailureConverter
}

// ForClient are the converters of a client that starts and reads runs.
func (c *Codec) ForClient() Converters {
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), c)
	return Converters{Data: data, Failure: c.failureConverter(data)}
}

// ForWorker are the converters of a worker. They differ from those of a client in one thing: where the SDK would end a run
// because a payload can't be decrypted, a worker panics, which makes the SDK put the workflow task back. A key that is
// missing from a worker's configuration must not end a run that has changed something and would leave it behind.
//
// Where encryption is required, they refuse what isn't encrypted: whoever can write to Temporal, but has no key, can start nothing.
func (c *Codec) ForWorker(required bool) Converters {
	var payloads converter.PayloadCodec = c
	if required {
		payloads = requiring{c}
	}
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), payloads)
	return Converters{Data: &workerConverter{data}, Failure: c.failureConverter(&blocking{data})}
}

// failureConverter encrypts messages and stack traces too: a provider's words are in them. Without a key they stay where
// Temporal UI shows them.
func (c *Codec) failureConverter(data converter.DataConverter) converter.FailureConverter {
	return temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: data, EncodeCommonAttributes: c.first != ""})
}

// workerConverter is blocking in workflows only. In an activity an error is enough: it is tried again.
type workerConverter struct{ converter.DataConverter }

var _ workflow.ContextAware = (*workerConverter)(nil)

// WithWorkflowContext is for what a workflow reads.
func (w *workerConverter) WithWorkflowContext(workflow.Context) converter.DataConverter {
	return &blocking{w.DataConverter}
}

// WithContext is for what an activity reads.
func (w *workerConverter) WithContext(context.Context) converter.DataConverter {
	return w.DataConverter
}

// blocking panics where a payload can't be decrypted.
type blocking struct{ converter.DataConverter }

// FromPayload decodes a payload.
func (b *blocking) FromPayload(payload *commonpb.Payload, value any) error {
	return block(b.DataConverter.FromPayload(payload, value))
}

// FromPayloads decodes payloads. A step's word of its retries that isn't encrypted comes from someone else, and must not hold the run: the
// SDK passes over a signal that can't be decoded.
func (b *blocking) FromPayloads(payloads *commonpb.Payloads, values ...any) error {
	err := b.DataConverter.FromPayloads(payloads, values...)
	if len(values) == 1 && Plain(err) {
		if _, signal := values[0].(*connection.Retry); signal {
			return err
		}
	}
	return block(err)
}

func block(err error) error {
	if Unreadable(err) {
		panic(err)
	}
	return err
}
