// ruleid: class-less-ok
class A { }
class B { }
