package sample

import (
    "net/http"
    _ "net/http/pprof"
)

func main() {
    // ruleid: go.stdlib.profiler-exposed
    http.ListenAndServe(":8080", nil)
    // ruleid: go.stdlib.profiler-exposed
    http.ListenAndServe(address, nil)
    // ruleid: go.stdlib.profiler-exposed
    http.ListenAndServe("0.0.0.0:80", http.DefaultServeMux)
    // ok: go.stdlib.profiler-exposed
    http.ListenAndServe("localhost:6060", nil)
    // ok: go.stdlib.profiler-exposed
    http.ListenAndServe("127.0.0.1:6060", nil)
    // ok: go.stdlib.profiler-exposed
    http.ListenAndServe(":8080", router)
}
