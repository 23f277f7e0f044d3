package kit

import "testing"

func TestListing_OfSeveralFaults_IsAllOfThem(t *testing.T) {
	t.Parallel()
	var listing Listing
	if listing.PageSize(200) != 200 || listing.Hides("1", "a") {
		t.Error("without a fault a list must be as it is")
	}
	listing.add(Fault{Kind: KindPages, PageSize: 50})
	listing.add(Fault{Kind: KindPages, PageSize: 70, Shift: 1})
	listing.add(Fault{Kind: KindFiltered, Hide: []string{"1"}})
	listing.add(Fault{Kind: KindFiltered, Hide: []string{"a*", "b"}})
	if small, large := listing.PageSize(20), listing.PageSize(200); small != 20 || large != 50 || listing.Shift != 1 {
		t.Errorf("pages of %d and %d, moved by %d", small, large, listing.Shift)
	}
	for _, test := range []struct {
		id, name string
		want     bool
	}{{"1", "x", true}, {"2", "abc", true}, {"2", "b", true}, {"12", "ba", false}} {
		if got := listing.Hides(test.id, test.name); got != test.want {
			t.Errorf("hides %v: %v", test, got)
		}
	}
}
