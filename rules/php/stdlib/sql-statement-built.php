<?php
function read($db, $name, $id) {
    $statement = "select * from t where name = '" . $name . "'";
    // ruleid: php.stdlib.sql-statement-built
    $db->query($statement);
    // ruleid: php.stdlib.sql-statement-built
    mysqli_query($db, "delete from t where name = '" . $name . "'");
    // ruleid: php.stdlib.sql-statement-built
    $db->exec("update t set name = '" . $name . "'");
    // ok: php.stdlib.sql-statement-built
    $db->prepare("select * from t where name = ?");
    // ok: php.stdlib.sql-statement-built
    $db->query("hello " . $name);
    // ok: php.stdlib.sql-statement-built
    $db->query("select * from t where id = " . (int) $id);
}
