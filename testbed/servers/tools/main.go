// Command tools holds the testbed's own small servers and helpers, with nothing but Go's standard library.
package main

import (
	"fmt"
	"os"
)

var commands = map[string]func(arguments []string) error{
	"forward": forward,
	"git":     serveGit,
	"image":   writeImage,
	"pki":     writePKI,
	"ports":   printFreePorts,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: tools forward|git|image|pki|ports [flags]; see testbed/README.md")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "tools %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
