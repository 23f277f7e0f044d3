package main

// example stands in for document.Example.
const example = `name: acme
okta:
  assign_groups: [Engineering]
`
