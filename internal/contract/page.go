package contract

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Page are the tables of docs/contract.md: the rows of each, by the head of its first column.
type Page map[string][]Row

// Row are the cells of a row, by the heads of their columns.
type Row map[string]string

// ReadPage reads the tables of a page.
func ReadPage(file string) (Page, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the contract's page: %w", err)
	}
	page := Page{}
	var heads []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		switch {
		case !strings.HasPrefix(line, "|"):
			heads = nil
		case strings.HasPrefix(line, "| ---"):
		case heads == nil:
			heads = cells
		default:
			row := Row{}
			for i, cell := range cells {
				row[strings.Trim(heads[i], " `")] = strings.TrimSpace(cell)
			}
			table := strings.Trim(heads[0], " `")
			page[table] = append(page[table], row)
		}
	}
	return page, nil
}

var code = regexp.MustCompile("`([^`]+)`")

// Names are what a cell names: its words that are set as code.
func Names(cell string) (names []string) {
	for _, word := range code.FindAllStringSubmatch(cell, -1) {
		names = append(names, word[1])
	}
	return names
}

// Column are the names in a column of a table, in their order.
func (p Page) Column(table, head string) (names []string) {
	for _, row := range p[table] {
		names = append(names, Names(row[head])...)
	}
	return names
}

// OfKind are the queries, updates or signals that the page names.
func (p Page) OfKind(kind string) (names []string) {
	for _, row := range p["kind"] {
		if row["kind"] == kind {
			names = append(names, Names(row["name"])...)
		}
	}
	return names
}
