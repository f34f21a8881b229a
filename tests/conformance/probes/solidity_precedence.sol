contract A {
  function f() public {
    // ruleid: solidity_precedence
    a = b == 0 && block.timestamp > c;
    // ruleid: solidity_precedence
    require(b && block.timestamp > c + d.e, "late");
    // ok: solidity_precedence
    a = (b && block.timestamp) > c;
  }
}
