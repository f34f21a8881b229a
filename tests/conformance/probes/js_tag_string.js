// ruleid: js_tag_string
query`select 1`;
query`select ${name}`;
