package fixture

import (
	"context"
	"database/sql"
	"fmt"
)

func flawed(ctx context.Context, db *sql.DB, name string) {
	// ruleid: go.stdlib.sql-statement-from-variable
	db.Query("SELECT id FROM user WHERE name = '" + name + "'")
	// ruleid: go.stdlib.sql-statement-from-variable
	db.QueryRow(fmt.Sprintf("SELECT id FROM user WHERE name = '%s'", name))
	// ruleid: go.stdlib.sql-statement-from-variable
	db.ExecContext(ctx, "DELETE FROM user WHERE name = '"+name+"'")
}

func sound(ctx context.Context, db *sql.DB, name string) {
	// ok: go.stdlib.sql-statement-from-variable
	db.Query("SELECT id FROM user WHERE name = ?", name)
	// ok: go.stdlib.sql-statement-from-variable
	db.QueryRowContext(ctx, "SELECT id FROM user WHERE name = $1", name)
	// ok: go.stdlib.sql-statement-from-variable
	db.Query("SELECT id " + "FROM user")
}
