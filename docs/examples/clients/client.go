// A client with Go's standard library: logs in, refreshes the access token when it has expired, logs out.
//
//	go run client.go http://127.0.0.1:8000 alice PASSWORD [SECONDS]
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Doorward sends requests as one user. It may be used by several goroutines.
type Doorward struct {
	base string
	http http.Client

	mutex           sync.Mutex
	access, refresh string
}

// APIError is an answer that is no success: {"detail": "…"}, or a list of errors for each field.
type APIError struct {
	Status int
	Body   string
}

func (e *APIError) Error() string { return fmt.Sprintf("%d: %s", e.Status, e.Body) }

// LogIn takes a username or an email address.
func LogIn(base, username, password string) (*Doorward, error) {
	d := &Doorward{base: strings.TrimSuffix(base, "/"), http: http.Client{Timeout: 10 * time.Second}}
	return d, d.keep("/api/token/", map[string]string{"username": username, "password": password})
}

// Get decodes the JSON at a path.
func (d *Doorward) Get(path string, into any) error {
	d.mutex.Lock()
	access := d.access
	d.mutex.Unlock()
	err := d.get(path, access, into)
	if failed, is := err.(*APIError); !is || failed.Status != http.StatusUnauthorized {
		return err
	}
	d.mutex.Lock()
	// Goroutines that fail together refresh once.
	if d.access == access {
		err = d.keep("/api/token/refresh/", map[string]string{"refresh": d.refresh})
	} else {
		err = nil
	}
	access = d.access
	d.mutex.Unlock()
	if err != nil {
		return err
	}
	return d.get(path, access, into)
}

// LogOut ends the session.
func (d *Doorward) LogOut() error {
	return d.post("/api/token/blacklist/", map[string]string{"refresh": d.refresh}, nil)
}

// With rotation there is a new refresh token, and the old one is used up.
func (d *Doorward) keep(path string, body map[string]string) error {
	tokens := struct{ Access, Refresh string }{Refresh: d.refresh}
	if err := d.post(path, body, &tokens); err != nil {
		return err
	}
	d.access, d.refresh = tokens.Access, tokens.Refresh
	return nil
}

func (d *Doorward) get(path, access string, into any) error {
	request, err := http.NewRequest(http.MethodGet, d.base+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+access)
	return d.send(request, into)
}

func (d *Doorward) post(path string, body map[string]string, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, d.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	return d.send(request, into)
}

func (d *Doorward) send(request *http.Request, into any) error {
	answer, err := d.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 400 {
		return &APIError{answer.StatusCode, string(text)}
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

func run(arguments []string) error {
	d, err := LogIn(arguments[0], arguments[1], arguments[2])
	if err != nil {
		return err
	}
	var user struct{ Username string }
	if err := d.Get("/api/user/", &user); err != nil {
		return err
	}
	fmt.Println("logged in as", user.Username)
	if len(arguments) > 3 {
		seconds, _ := strconv.ParseFloat(arguments[3], 64)
		time.Sleep(time.Duration(seconds * float64(time.Second)))
	}
	if err := d.Get("/api/user/", &user); err != nil {
		return err
	}
	fmt.Println("still", user.Username)
	if err := d.LogOut(); err != nil {
		return err
	}
	fmt.Println("logged out")
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
