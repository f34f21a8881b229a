class A {
    void f() {
        if (foo(1)) { x(); }
        while (foo(2)) { x(); }
        for (int i = foo(3); i < foo(4); i++) { x(); }
        // ruleid: deep_stmt_host
        bar(foo(5));
        // ruleid: deep_stmt_host
        int a = foo(6);
        throw foo(7);
    }
    int g() {
        // ruleid: deep_stmt_host
        return 1 + foo(8);
    }
}
