contract A {
  function f() public {
    // ruleid: solidity_member_of_a_sum
    a = b + c.length;
    // ok: solidity_member_of_a_sum
    a = (b + c).length;
    // ruleid: solidity_member_of_a_sum
    return d > e + c.length;
  }
}
