// ruleid: js_tagged_template
foo(`a ${b}`);
foo`a ${b}`;
