# ruleid: python_first_base
class A(Base): pass
# ruleid: python_first_base
class B(Base, Other): pass
class C(Other, Base): pass
