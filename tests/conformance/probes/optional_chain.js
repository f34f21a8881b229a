// ruleid: optional-chain
a.foo();
// ruleid: optional-chain
a?.foo();
a['foo']();
