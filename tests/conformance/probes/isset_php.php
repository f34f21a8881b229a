<?php
// ok: isset_php
isset($a);
// ruleid: isset_php
check($a);
