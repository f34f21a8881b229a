package sample

func connect() {
    one := &ssh.ClientConfig{
        // ruleid: go.stdlib.host-key-not-checked
        HostKeyCallback: ssh.InsecureIgnoreHostKey(),
    }
    // ruleid: go.stdlib.host-key-not-checked
    one.HostKeyCallback = ssh.InsecureIgnoreHostKey()
    // ruleid: go.stdlib.host-key-not-checked
    use(ssh.InsecureIgnoreHostKey())
    // ok: go.stdlib.host-key-not-checked
    two := ssh.FixedHostKey(key)
    // ok: go.stdlib.host-key-not-checked
    three, _ := knownhosts.New(path)
    // ok: go.stdlib.host-key-not-checked
    four := test.InsecureIgnoreHostKey()
}
