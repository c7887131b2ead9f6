// BusyBox's nc as the examples' apps call it: nc -u -w SECONDS HOST PORT sends what it reads over UDP. Debian's build of
// BusyBox has an nc without -u.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "nc:", err)
		os.Exit(1)
	}
}

func run() error {
	udp := flag.Bool("u", false, "UDP, the only way there is")
	seconds := flag.Int("w", 0, "how long to wait for an answer")
	arguments := os.Args[1:]
	for i, argument := range arguments {
		// BusyBox takes -w1, too.
		if len(argument) > 2 && argument[:2] == "-w" && argument[2] != '=' {
			arguments[i] = "-w=" + argument[2:]
		}
	}
	if err := flag.CommandLine.Parse(arguments); err != nil {
		return err
	}
	if !*udp || flag.NArg() != 2 {
		return fmt.Errorf("usage: nc -u [-w SECONDS] HOST PORT")
	}
	connection, err := net.Dial("udp", net.JoinHostPort(flag.Arg(0), flag.Arg(1)))
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := io.Copy(connection, os.Stdin); err != nil {
		return err
	}
	if err := connection.SetReadDeadline(time.Now().Add(time.Duration(*seconds) * time.Second)); err != nil {
		return err
	}
	// It ends when nothing came in time, or when nobody listens: no failure, with UDP.
	_, _ = io.Copy(os.Stdout, connection)
	return nil
}
