package faults

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// lists are ways in which a list doesn't say what there is. All but pages are so before the connection is first made.
var lists = group{
	name: "Lists that are behind, in short pages, that move, or leave ours out",
	note: scale + fmt.Sprintf(" Each list holds %d things of others before ours.", others),
	kinds: append(append(behindKinds(), pageKinds()...),
		kind{name: "ours left out", fault: kit.Fault{Kind: kit.KindFiltered, Hide: oursByName}, early: true, strikes: onHidden},
		kind{name: "what was adopted left out from now on", fault: kit.Fault{Kind: kit.KindFiltered, Hide: oursByName}, strikes: onHiddenSince},
	),
}

// oursByName are the names that the connection's own have.
var oursByName = []string{"Cloudflare Access", "Access", "Okta", "Sign in", "Okta staff", "Staff"}

func behindKinds() (all []kind) {
	for _, after := range []string{kit.AfterCreate, kit.AfterUpdate, kit.AfterDelete, ""} {
		for _, seconds := range []int{2, 5, 30} {
			fault := kit.Fault{Kind: kit.KindLag, Delay: kit.Duration(behindDefault(seconds))}
			name := fmt.Sprintf("%d s behind every change", seconds)
			if after != "" {
				fault.After = []string{after}
				name = fmt.Sprintf("%d s behind each %s", seconds, after)
			}
			all = append(all, kind{name: name, fault: fault, early: true, mends: true, strikes: onLists})
		}
	}
	return all
}

// moves is how many pages are read while a list moves. One that never stands still nobody can read.
const moves = 6

func pageKinds() (all []kind) {
	for _, size := range []int{1, others, others + 1} {
		for shift, name := range []string{"", ", an item twice", ", an item skipped"} {
			all = append(all, kind{
				name: fmt.Sprintf("%d on a page%s", size, name), mends: true, strikes: onPaged,
				fault: kit.Fault{Kind: kit.KindPages, PageSize: size, Shift: []int{0, 1, -1}[shift], Count: []int{0, moves, moves}[shift]},
			})
		}
	}
	return all
}

// listed are the lists that can be behind, by how their paths end.
var listed = []string{"/apps", "/apps/{id}/groups", "/credentials/secrets", "/access/identity_providers", "/access/policies", "/access/apps", "/v1/groups"}

// onLists is about lists, each once.
func onLists(s scenario, c call) bool {
	return !s.pauses && c.method == "GET" && c.occurrence == 1 && slices.ContainsFunc(listed, func(end string) bool { return strings.HasSuffix(c.path, end) })
}

// onPaged is about lists that have pages.
func onPaged(s scenario, c call) bool {
	return onLists(s, c) && !strings.HasSuffix(c.path, "/secrets") && !strings.HasSuffix(c.path, "/v1/groups")
}

// onHidden is about lists of what the connection makes. What others made and no list shows nobody can adopt.
func onHidden(s scenario, c call) bool { return onOwnLists(s, c) && !s.adopts }

// onHiddenSince is about connections that adopted something before the lists began to leave it out.
func onHiddenSince(s scenario, c call) bool { return onOwnLists(s, c) && s.adopts && s.existing }

func onOwnLists(s scenario, c call) bool {
	return onLists(s, c) && slices.ContainsFunc([]string{"/v1/apps", "/access/identity_providers", "/access/policies"}, func(end string) bool {
		return strings.HasSuffix(c.path, end)
	})
}
