package activities_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/activities"
)

func TestMarkLost_EachTimeOnce(t *testing.T) {
	t.Parallel()
	var move activities.AppMove
	doubt := move.Doubt()
	doubt.MarkLost(noon)
	doubt.MarkLost(noon.In(time.FixedZone("elsewhere", 3600)), noon.Add(time.Second))
	doubt.MarkLost()
	if diff := cmp.Diff(activities.Uncertain{Lost: true, Until: []time.Time{noon, noon.Add(time.Second)}}, move.Uncertain); diff != "" {
		t.Errorf("doubts (-want +got):\n%s", diff)
	}
}
