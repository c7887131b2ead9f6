// What the examples' apps need of BusyBox's network programs and Debian's static build does not have: nc over UDP, and a
// wget that needs no library of the C library's at run time. It does what its name says, as BusyBox does.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

func main() {
	var err error
	switch name := filepath.Base(os.Args[0]); name {
	case "nc":
		err = nc()
	case "wget":
		err = wget()
	default:
		err = fmt.Errorf("it is called nc or wget, not %s", name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// nc -u -w SECONDS HOST PORT: sends what it reads, and prints what comes back in these seconds.
func nc() error {
	udp := flag.Bool("u", false, "UDP")
	seconds := flag.Int("w", 0, "how long to wait for an answer")
	flag.Parse()
	if flag.NArg() != 2 {
		return fmt.Errorf("usage: nc [-u] [-w SECONDS] HOST PORT")
	}
	network := "tcp"
	if *udp {
		network = "udp"
	}
	timeout := time.Duration(*seconds) * time.Second
	connection, err := net.DialTimeout(network, net.JoinHostPort(flag.Arg(0), flag.Arg(1)), timeout)
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := io.Copy(connection, os.Stdin); err != nil {
		return err
	}
	if timeout > 0 {
		if err := connection.SetReadDeadline(time.Now().Add(timeout)); err != nil {
			return err
		}
	}
	// Nothing came, or nobody listens: with UDP that is no failure.
	_, err = io.Copy(os.Stdout, connection)
	if *udp {
		return nil
	}
	return err
}

// wget -q -O - URL: prints what the server answers.
func wget() error {
	flag.Bool("q", false, "quiet, as it always is")
	file := flag.String("O", "", "where to write: only - is known")
	flag.Parse()
	if flag.NArg() != 1 || *file != "-" {
		return fmt.Errorf("usage: wget [-q] -O - URL")
	}
	answer, err := http.Get(flag.Arg(0))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("server returned error: HTTP %s", answer.Status)
	}
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
