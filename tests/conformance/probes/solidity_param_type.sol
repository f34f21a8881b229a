contract C {
    // ruleid: solidity_param_type
    function plain(uint) public { run(); }
    function named(uint amount) public { run(); }
}
