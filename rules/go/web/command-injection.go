package web

import (
	"net/http"
	"os/exec"
)

func handler(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Query().Get("host")
	// ruleid: go.web.command-injection
	exec.Command("sh", "-c", "ping -c 1 "+host).Run()
	// ruleid: go.web.command-injection
	exec.Command(r.FormValue("tool")).Run()
	// ruleid: go.web.command-injection
	exec.CommandContext(r.Context(), "/bin/bash", "-c", host).Run()
	// ok: go.web.command-injection
	exec.Command("ping", "-c", "1", host).Run()
	// ok: go.web.command-injection
	exec.Command("sh", "-c", "uptime").Run()
	host = "localhost"
	// ok: go.web.command-injection
	exec.Command("sh", "-c", "ping -c 1 "+host).Run()
}
