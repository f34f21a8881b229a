// ruleid: new-vs-call
new F(1);
// ruleid: new-vs-call
new F;
F(1);
