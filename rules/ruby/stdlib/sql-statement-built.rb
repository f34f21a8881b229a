class Store
  def read(db, name, id)
    statement = "select * from t where name = '" + name + "'"
    # ruleid: ruby.stdlib.sql-statement-built
    db.execute(statement)
    # ruleid: ruby.stdlib.sql-statement-built
    db.query("delete from t where name = '#{name}'")
    # ruleid: ruby.stdlib.sql-statement-built
    User.find_by_sql("select * from users where name = '#{name}'")
    # ok: ruby.stdlib.sql-statement-built
    db.execute("select * from t where name = ?", name)
    # ok: ruby.stdlib.sql-statement-built
    db.query("hello " + name)
    # ok: ruby.stdlib.sql-statement-built
    db.execute("select * from t where id = " + id.to_i.to_s)
  end
end
