// Package advice holds the source to its word: each advice that a message gives is done in a test, which names it.
package advice
