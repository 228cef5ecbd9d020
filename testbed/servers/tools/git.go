package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// gitServer serves the bare repositories of one folder to whoever knows the one user and password, for reading and
// writing, and the Helm charts of another folder to everybody on this machine, for reading.
type gitServer struct {
	backend     http.Handler
	charts      http.Handler
	user        [sha256.Size]byte
	password    [sha256.Size]byte
	spoolFolder string
}

func serveGit(arguments []string) error {
	flags := flag.NewFlagSet("git", flag.ExitOnError)
	listen := flags.String("listen", "", "address:port to listen on")
	repositories := flags.String("repositories", "", "folder of bare repositories, served at /git/")
	charts := flags.String("charts", "", "folder of charts and index.yaml, served at /charts/")
	credentials := flags.String("credentials", "", "file with the user and the password, one line each")
	backend := flags.String("backend", "", "git-http-backend")
	spool := flags.String("spool", "", "folder for request bodies of unknown length")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	content, err := os.ReadFile(*credentials)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	if len(lines) != 2 || lines[0] == "" || lines[1] == "" {
		return fmt.Errorf("%s has not two lines, user and password", *credentials)
	}
	server := &gitServer{
		backend: &cgi.Handler{
			Path: *backend,
			Root: "/git",
			Dir:  *repositories,
			// REMOTE_USER is what makes git-http-backend accept pushes. A home and a system file of nobody: a
			// setting of the person who runs the testbed must not change what the server does.
			Env: []string{"GIT_PROJECT_ROOT=" + *repositories, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=testbed",
				"GIT_CONFIG_NOSYSTEM=1", "HOME=" + *spool},
			Stderr: os.Stderr,
		},
		charts:      http.StripPrefix("/charts/", http.FileServer(http.Dir(*charts))),
		user:        sha256.Sum256([]byte(lines[0])),
		password:    sha256.Sum256([]byte(lines[1])),
		spoolFolder: *spool,
	}
	return http.ListenAndServe(*listen, logged(server))
}

func (s *gitServer) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	reading := request.Method == http.MethodGet || request.Method == http.MethodHead
	switch {
	case request.URL.Path == "/healthz":
		_, _ = io.WriteString(response, "ok\n")
	case strings.HasPrefix(request.URL.Path, "/charts/") && reading:
		s.charts.ServeHTTP(response, request)
	case strings.HasPrefix(request.URL.Path, "/git/"):
		s.serveRepository(response, request)
	default:
		http.NotFound(response, request)
	}
}

func (s *gitServer) serveRepository(response http.ResponseWriter, request *http.Request) {
	user, password, given := request.BasicAuth()
	if !given || !equal(user, s.user) || !equal(password, s.password) {
		response.Header().Set("WWW-Authenticate", `Basic realm="testbed"`)
		http.Error(response, "user or password is missing or wrong", http.StatusUnauthorized)
		return
	}
	request.Header.Del("Authorization") // the child process needs no password
	if request.ContentLength < 0 {
		remove, err := s.spoolBody(request)
		if err != nil {
			log.Printf("cannot keep a request's body: %v", err)
			http.Error(response, "cannot keep the request's body", http.StatusInternalServerError)
			return
		}
		defer remove()
	}
	s.backend.ServeHTTP(response, request)
}

// spoolBody gives a body a length: a push of more than 1 MiB comes in chunks, and Go's CGI refuses those.
func (s *gitServer) spoolBody(request *http.Request) (remove func(), err error) {
	file, err := os.Create(filepath.Join(s.spoolFolder, fmt.Sprintf("body-%d", time.Now().UnixNano())))
	if err != nil {
		return nil, err
	}
	remove = func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
	length, err := io.Copy(file, request.Body)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		remove()
		return nil, err
	}
	request.Body = file
	request.ContentLength = length
	request.TransferEncoding = nil
	return remove, nil
}

func equal(given string, wanted [sha256.Size]byte) bool {
	sum := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(sum[:], wanted[:]) == 1
}

type statusKeeper struct {
	http.ResponseWriter
	status int
}

func (k *statusKeeper) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

func (k *statusKeeper) Unwrap() http.ResponseWriter {
	return k.ResponseWriter
}

// logged writes method, path, status and time; never a header or a query, where a password could be.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		began := time.Now()
		keeper := &statusKeeper{response, http.StatusOK}
		next.ServeHTTP(keeper, request)
		log.Printf("%s %s %d %d ms", request.Method, request.URL.Path, keeper.status, time.Since(began).Milliseconds())
	})
}
