// ruleid: chain-dots
a.z();
// ruleid: chain-dots
a.b().z();
// ruleid: chain-dots
a.b.c(1).z();
q.z();
