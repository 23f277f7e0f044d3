package view

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// table lays rows out in columns, two spaces apart, each line indented. Cells may be coloured and may hold wide characters.
func table(indent string, rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for column, cell := range row {
			if column == len(widths) {
				widths = append(widths, 0)
			}
			widths[column] = max(widths[column], lipgloss.Width(cell))
		}
	}
	var text strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for column, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[column]-lipgloss.Width(cell)+2))
		}
		text.WriteString(indent + strings.TrimRight(line.String(), " ") + "\n")
	}
	return text.String()
}

// heading styles the cells of a table's first row.
func (s Style) heading(cells ...string) []string {
	for index, cell := range cells {
		cells[index] = s.Strong(cell)
	}
	return cells
}

// indented puts an indent before every line.
func indented(indent, text string) string {
	return indent + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+indent)
}
