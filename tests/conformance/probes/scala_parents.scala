// ruleid: scala_parents
class A(x: Int) extends B
class C(x: Int) extends D(x)
class E(x: Int)
