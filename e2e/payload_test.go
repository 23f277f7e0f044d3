package e2e

import (
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// payloadData returns what every payload anywhere in an event holds, as it was before protobuf wrote it as base64.
func payloadData(event *historypb.HistoryEvent) []string {
	var found []string
	for _, payload := range payloadsOf(event) {
		found = append(found, string(payload.GetData()))
	}
	return found
}

// payloadsOf returns every payload anywhere in an event.
func payloadsOf(event *historypb.HistoryEvent) []*commonpb.Payload {
	var found []*commonpb.Payload
	var walk func(protoreflect.Message)
	visit := func(value protoreflect.Value, field protoreflect.FieldDescriptor) {
		if field.Message() != nil {
			walk(value.Message())
		}
	}
	walk = func(message protoreflect.Message) {
		if payload, is := message.Interface().(*commonpb.Payload); is {
			found = append(found, payload)
			return
		}
		message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			switch {
			case field.IsList():
				for i := range value.List().Len() {
					visit(value.List().Get(i), field)
				}
			case field.IsMap():
				value.Map().Range(func(_ protoreflect.MapKey, entry protoreflect.Value) bool {
					visit(entry, field.MapValue())
					return true
				})
			default:
				visit(value, field)
			}
			return true
		})
	}
	walk(proto.Message(event).ProtoReflect())
	return found
}
