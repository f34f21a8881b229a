contract A {
  function f() public {
    // ruleid: solidity_negated
    if (to.send(1)) { revert(); }
    if (!to.send(1)) { revert(); }
  }
}
