contract A {
  function f() public {
    // ruleid: solidity_location
    B memory b = c;
    B storage d = c;
    uint e = 1;
  }
}
