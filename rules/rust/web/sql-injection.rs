async fn handle(query: web::Query<Params>) -> HttpResponse {
    // ruleid: rust.web.sql-injection
    sqlx::query(&format!("select * from t where name = '{}'", query.name));
    // ruleid: rust.web.sql-injection
    diesel::sql_query("select * from t where name = '".to_string() + &query.name);
    // ruleid: rust.web.sql-injection
    client.batch_execute(&query.name);
    // ok: rust.web.sql-injection
    sqlx::query("select * from t where name = $1").bind(&query.name);
    // ok: rust.web.sql-injection
    diesel::sql_query("select 1");
    // ok: rust.web.sql-injection
    form.query(&query.name);
}
