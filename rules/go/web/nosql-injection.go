package sample

import (
    "net/http"
)

func handle(w http.ResponseWriter, r *http.Request) {
    name := r.FormValue("name")

    // ruleid: go.web.nosql-injection
    users.Find(ctx, bson.M{"$where": "this.name == '" + name + "'"})
    // ruleid: go.web.nosql-injection
    bson.UnmarshalExtJSON([]byte(name), true, &filter)
    // ruleid: go.web.nosql-injection
    users.Find(ctx, bson.M{"$where": name})
    // ok: go.web.nosql-injection
    users.Find(ctx, bson.M{"name": name})
    // ok: go.web.nosql-injection
    users.Find(ctx, bson.M{"$where": "this.age > 3"})
    // ok: go.web.nosql-injection
    json.Unmarshal([]byte(name), &other)
}
