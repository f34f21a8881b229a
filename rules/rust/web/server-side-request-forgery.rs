async fn handle(query: web::Query<Params>) -> HttpResponse {
    // ruleid: rust.web.server-side-request-forgery
    reqwest::get(&query.address).await;
    // ruleid: rust.web.server-side-request-forgery
    client.get(&query.address).send().await;
    // ruleid: rust.web.server-side-request-forgery
    ureq::get(&query.address);
    // ok: rust.web.server-side-request-forgery
    reqwest::get("https://example.org").await;
    // ok: rust.web.server-side-request-forgery
    client.get("https://example.org").query(&[("q", &query.name)]).send().await;
    // ok: rust.web.server-side-request-forgery
    map.get(&query.name);
}
