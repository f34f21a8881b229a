// ruleid: solidity_pragma
pragma solidity ^0.8.0;
pragma solidity >=0.4.22 <0.9.0;
pragma abicoder v2;
