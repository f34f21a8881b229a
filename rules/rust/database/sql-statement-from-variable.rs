fn example(a: &str, b: &str) {
    // ruleid: rust.database.sql-statement-from-variable
    sqlx::query(&format!("SELECT * FROM user WHERE name = '{a}'"));
    // ruleid: rust.database.sql-statement-from-variable
    db.execute(&format!("DELETE FROM user WHERE name = '{}'", b), &[]);
    // ruleid: rust.database.sql-statement-from-variable
    diesel::sql_query(format!("SELECT {a}"));
    // ok: rust.database.sql-statement-from-variable
    sqlx::query("SELECT * FROM user WHERE name = $1").bind(a);
    // ok: rust.database.sql-statement-from-variable
    db.execute("DELETE FROM user WHERE name = $1", &[&a]);
    // ok: rust.database.sql-statement-from-variable
    db.log(&format!("done {a}"));
}
