<?php
class Users extends Controller {
    public function find(Request $request) {
        // ruleid: php.web.sql-injection
        DB::select("select * from t where name = '" . $request->input("name") . "'");
        // ruleid: php.web.sql-injection
        DB::select("select * from t where name = '" . request("name") . "'");
        // ruleid: php.web.sql-injection
        DB::select("select * from t where name = '" . $request->query("name") . "'");
        // ok: php.web.sql-injection
        DB::select("select * from t where id = " . $request->integer("id"));
        // ok: php.web.sql-injection
        DB::select("select * from t where name = ?", [$request->input("name")]);
    }
    public function symfony($request, $connection) {
        // ruleid: php.web.sql-injection
        $connection->query("select * from t where name = '" . $request->query->get("name") . "'");
        // ok: php.web.sql-injection
        $connection->query("select * from t where id = " . $request->query->getInt("id"));
    }
    public function slim($request, $pdo) {
        $data = $request->getParsedBody();
        // ruleid: php.web.sql-injection
        $pdo->query("select * from t where name = '" . $data["name"] . "'");
    }
    public function plain($pdo) {
        $names = [];
        array_push($names, $_GET["name"]);
        // ruleid: php.web.sql-injection
        $pdo->query("select * from t where name = '" . $names[0] . "'");
        preg_match("/(.*)/", $_SERVER["HTTP_X_NAME"], $found);
        // ruleid: php.web.sql-injection
        $pdo->query("select * from t where name = '" . $found[1] . "'");
        // ok: php.web.sql-injection
        $pdo->query("select * from t where id = " . filter_var($_GET["id"], FILTER_VALIDATE_INT));
    }
}
