// ruleid: class-extends
class A extends Foo { }
// ruleid: class-extends
class B extends Foo implements I { }
class D { }
