void example(char *a, char *b, char *text, int n) {
  // ruleid: c.stdlib.shell-command-from-variable
  system(text);
  // ruleid: c.stdlib.shell-command-from-variable
  popen(a, "r");
  // ruleid: c.stdlib.shell-command-from-variable
  n = system(b);
  // ok: c.stdlib.shell-command-from-variable
  system("ls");
  // ok: c.stdlib.shell-command-from-variable
  system(NULL);
  // ok: c.stdlib.shell-command-from-variable
  execl("/bin/ls", "ls", a, NULL);
}
