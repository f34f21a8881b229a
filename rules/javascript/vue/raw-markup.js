// ruleid: javascript.vue.raw-markup
export const one = { domProps: { innerHTML: note.text } };
// ruleid: javascript.vue.raw-markup
export const two = h("div", { innerHTML: note.text });
// ruleid: javascript.vue.raw-markup
export const three = Vue.compile("<p>" + note.text + "</p>");
// ok: javascript.vue.raw-markup
export const four = h("div", { innerHTML: "<b>fixed</b>" });
// ok: javascript.vue.raw-markup
export const five = h("div", note.text);
// ok: javascript.vue.raw-markup
export const six = { domProps: { textContent: note.text } };
