<?php
// ruleid: cast_free_php
$a = (string) read(1);
// ok: cast_free_php
$b = (string) look(1);
