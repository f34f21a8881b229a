// ruleid: ts-cast
g(f() as any);
g(f()!);
