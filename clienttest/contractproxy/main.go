// Contractproxy stands before a Glencheck and judges what passes against the
// official OpenAPI document: the browser tests (e2e) send the calls of their
// application servers through it. It prints its address, serves until its
// standard input ends, prints what the document objects to, and exits with 1 if
// that is anything.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/glencheck-dev/glencheck/clienttest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "contractproxy:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("give the address of the server, as in contractproxy http://localhost:8484")
	}
	target, err := url.Parse(args[0])
	if err != nil {
		return err
	}
	contract, err := clienttest.Official()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	check := &clienttest.Transport{Contract: contract}
	srv := &http.Server{Handler: check.Proxy(target), ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l)
	fmt.Printf("http://%s\n", l.Addr())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	if err := srv.Close(); err != nil {
		return err
	}
	for _, p := range check.Problems() {
		fmt.Println(p)
	}
	if n := len(check.Problems()); n > 0 {
		return fmt.Errorf("%d objections to %d exchanges", n, check.Checked())
	}
	fmt.Printf("%d exchanges keep to the document\n", check.Checked())
	return nil
}
