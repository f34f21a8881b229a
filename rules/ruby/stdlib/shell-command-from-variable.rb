class Files
  def copy(from, to)
    # ruleid: ruby.stdlib.shell-command-from-variable
    system("cp #{from} #{to}")
    # ruleid: ruby.stdlib.shell-command-from-variable
    system("ls " + from)
    # ruleid: ruby.stdlib.shell-command-from-variable
    IO.popen("cat #{from}")
    # ok: ruby.stdlib.shell-command-from-variable
    system("cp", from, to)
    # ok: ruby.stdlib.shell-command-from-variable
    system("cp #{Shellwords.escape(from)} x")
    # ok: ruby.stdlib.shell-command-from-variable
    system("ls")
  end
end
