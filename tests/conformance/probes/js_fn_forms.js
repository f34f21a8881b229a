// ruleid: js-fn-forms
function a(x) { }
var b = function (x) { };
var c = (x) => { };
