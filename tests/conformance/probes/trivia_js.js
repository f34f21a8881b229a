// ruleid: trivia-js
f(x);
// ruleid: trivia-js
f((x))
// ruleid: trivia-js
f(x,);
// ruleid: trivia-js
f(/* c */ x);
