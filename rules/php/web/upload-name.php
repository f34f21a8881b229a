<?php
// ruleid: php.web.upload-name
move_uploaded_file($_FILES["f"]["tmp_name"], "uploads/" . $_FILES["f"]["name"]);
$target = "uploads/" . basename($_FILES["f"]["name"]);
// ruleid: php.web.upload-name
move_uploaded_file($_FILES["f"]["tmp_name"], $target);
// ruleid: php.web.upload-name
copy($_FILES["f"]["tmp_name"], "uploads/{$_FILES["f"]["name"]}");
// ok: php.web.upload-name
move_uploaded_file($_FILES["f"]["tmp_name"], "uploads/" . bin2hex(random_bytes(8)) . ".png");
// ok: php.web.upload-name
move_uploaded_file($_FILES["f"]["tmp_name"], $fixed);
// ok: php.web.upload-name
rename($_FILES["f"]["tmp_name"], "uploads/fixed");
