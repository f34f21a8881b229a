package web

import (
	"net/http"
	"database/sql"
	"fmt"
	"strconv"
)

func handler(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	name := r.URL.Query().Get("name")
	// ruleid: go.web.sql-injection
	db.Query("SELECT id FROM user WHERE name = '" + name + "'")
	// ruleid: go.web.sql-injection
	db.Exec(fmt.Sprintf("DELETE FROM user WHERE name = '%s'", r.FormValue("name")))
	statement := "SELECT id FROM user WHERE mail = '" + r.PostFormValue("mail") + "'"
	// ruleid: go.web.sql-injection
	db.QueryRowContext(r.Context(), statement)
	// ok: go.web.sql-injection
	db.Query("SELECT id FROM user WHERE name = ?", name)
	page, _ := strconv.Atoi(r.FormValue("page"))
	// ok: go.web.sql-injection
	db.Query(fmt.Sprintf("SELECT id FROM user LIMIT %d", page))
	name = "fixed"
	// ok: go.web.sql-injection
	db.Query("SELECT id FROM user WHERE name = '" + name + "'")
}
