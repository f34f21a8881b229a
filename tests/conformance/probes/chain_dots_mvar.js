// ruleid: chain-dots-mvar
o.a().z();
// ruleid: chain-dots-mvar
o.a().b().c().z();
o.z();
