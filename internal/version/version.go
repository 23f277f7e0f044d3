// Package version says what a program was built from.
package version

import "runtime/debug"

// release is the version that the linker was told, by -X, where the build sees no repository to take it from: in an image, for instance.
var release string

// Of is what this program says of itself: its name and its build.
func Of(program string) string { return program + " " + Build() }

// Build is what this program was built from: the module's version, the commit and the compiler.
func Build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return describe(info, release)
}

func describe(info *debug.BuildInfo, release string) string {
	text := release
	if text == "" {
		text = info.Main.Version
	}
	if text == "" || text == "(devel)" {
		text = "development"
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		text += ", commit " + commit
		if settings["vcs.modified"] == "true" {
			text += " with changes"
		}
		text += ", " + settings["vcs.time"]
	}
	return text + ", built with " + info.GoVersion
}
