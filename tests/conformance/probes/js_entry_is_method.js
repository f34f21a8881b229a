// ruleid: js_entry_is_method
var a = { go: function (x) { use(x) } }
// ruleid: js_entry_is_method
function b() { }
var c = function () { }
