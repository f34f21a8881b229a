<?php
// ruleid: php.stdlib.shell-command-from-variable
shell_exec('ping ' . $host);
// ruleid: php.stdlib.shell-command-from-variable
exec('ls ' . $folder, $lines);
// ruleid: php.stdlib.shell-command-from-variable
system('ls ' . $folder . ' -l');
// ok: php.stdlib.shell-command-from-variable
exec('ls ' . escapeshellarg($folder));
// ok: php.stdlib.shell-command-from-variable
system('ls');
// ok: php.stdlib.shell-command-from-variable
run('ls ' . $folder);
