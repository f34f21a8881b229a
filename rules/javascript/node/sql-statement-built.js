function read(db, name, id) {
  const statement = "select * from t where name = '" + name + "'";
  // ruleid: javascript.node.sql-statement-built
  db.query(statement);
  // ruleid: javascript.node.sql-statement-built
  db.query(`select * from t where name = '${name}'`);
  // ruleid: javascript.node.sql-statement-built
  db.all(`delete from t where id = ${id}`);
  // ok: javascript.node.sql-statement-built
  db.query("select * from t where name = ?", [name]);
  // ok: javascript.node.sql-statement-built
  db.query("hello " + name);
  // ok: javascript.node.sql-statement-built
  db.all(`select * from t where id = ${Number(id)}`);
}
