package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// server is a PostgreSQL server with a migrated template database, from which
// each test gets a copy.
type server struct {
	admin        *sql.DB
	base         *url.URL
	tmpl, prefix string
	own          bool   // it ends with the test program
	shape        string // of the template
	count        atomic.Int64

	mu   sync.Mutex
	free []*reused
}

var sharedServer = sync.OnceValues(func() (*server, error) {
	if address := os.Getenv("GLENCHECK_TEST_POSTGRES"); address != "" {
		return connect(address, false)
	}
	address, err := startServer()
	if err != nil {
		return nil, err
	}
	return connect(address, true)
})

func connect(address string, own bool) (*server, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("GLENCHECK_TEST_POSTGRES is not an address")
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	s := &server{admin: admin, base: base, own: own, tmpl: fmt.Sprintf("glencheck_template_%d", os.Getpid()), prefix: fmt.Sprintf("glencheck_%d", os.Getpid())}
	if err := s.waitUntilUp(); err != nil {
		return nil, err
	}
	if _, err := admin.Exec("CREATE DATABASE " + s.tmpl); err != nil {
		return nil, err
	}
	db, err := store.Open(context.Background(), s.url(s.tmpl), store.Options{})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return s, s.prepare()
}

// prepare keeps what the template holds, for databases that are used again.
func (s *server) prepare() error {
	db, err := sql.Open("pgx", s.url(s.tmpl))
	if err != nil {
		return err
	}
	_, err = db.Exec(seeds)
	if err == nil {
		err = db.QueryRow(shape).Scan(&s.shape)
	}
	return errors.Join(err, db.Close())
}

func (s *server) waitUntilUp() error {
	var err error
	for range 200 {
		if err = s.admin.Ping(); err == nil {
			return nil
		}
		time.Sleep(25 * time.Millisecond) // a server start has no other signal
	}
	return fmt.Errorf("PostgreSQL did not start: %w", err)
}

func (s *server) url(name string) string {
	u := *s.base
	u.Path = "/" + name
	return u.String()
}

// standing keeps the server up: a pipe that nobody holds is closed by the
// garbage collector.
//
//lint:ignore U1000 to hold it is its use
var standing io.Closer

// startServer makes a server of its own on a free loopback port, in a directory
// of its own, as a user that is not root. It ends when the test program ends.
func startServer() (string, error) {
	bin, err := findBinaries()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "glencheck-postgres-")
	if err != nil {
		return "", err
	}
	as, err := unprivileged(dir)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "glencheck", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	// The shell ends the server and clears the directory when its standard input
	// closes, which happens however the test program ends.
	script := `"$0" -D "$1" -p "$2" -h 127.0.0.1 -k "$3" -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 >"$3/log" 2>&1 &
pid=$!; cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$3"`
	run := exec.Command("/bin/sh", "-c", script, filepath.Join(bin, "postgres"), data, strconv.Itoa(port), dir)
	run.SysProcAttr, run.Dir = as, dir
	if standing, err = run.StdinPipe(); err != nil {
		return "", err
	}
	if err := run.Start(); err != nil {
		return "", err
	}
	return fmt.Sprintf("postgres://glencheck@127.0.0.1:%d/postgres?sslmode=disable", port), nil
}

// findBinaries looks for initdb on the path and where Debian keeps it.
func findBinaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb is not installed (Debian: apt-get install postgresql)")
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged hands dir to a user that may run PostgreSQL, which refuses root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, uid, gid)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
