def flawed(db, name):
    # ruleid: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user WHERE name = '" + name + "'")
    # ruleid: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user WHERE name = '%s'" % name)
    # ruleid: python.stdlib.sql-statement-from-variable
    db.execute(f"SELECT * FROM user WHERE name = '{name}'")
    # ruleid: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user WHERE name = '{}'".format(name))


def sound(db, name, page):
    # ok: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user WHERE name = ?", (name,))
    # ok: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user " + "WHERE name = ?", (name,))
    # ok: python.stdlib.sql-statement-from-variable
    db.execute("SELECT * FROM user LIMIT %d" % int(page))
