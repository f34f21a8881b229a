// ruleid: solidity_parents
contract A is B { }
contract C is D(1) { }
contract E { }
