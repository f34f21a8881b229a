async def create(connection, name):
    statement = "insert into t (name) values ('%(name)s')" % {"name": name}
    # ruleid: python.stdlib.sql-statement-built
    await connection.execute(statement)

def read(session, name):
    query = f"select * from t where name = '{name}'"
    # ruleid: python.stdlib.sql-statement-built
    return session.execute(text(query))

def drop(cursor, name):
    # ruleid: python.stdlib.sql-statement-built
    cursor.execute("delete from t where name = '{}'".format(name))

def sound(cursor, name, label):
    # ok: python.stdlib.sql-statement-built
    cursor.execute("select * from t where name = %s", (name,))
    label = "selected {}".format(name)
    # ok: python.stdlib.sql-statement-built
    cursor.execute(label)
    count = "select %d" % 3
    # ok: python.stdlib.sql-statement-built
    cursor.execute("select " + str(int(name)))
