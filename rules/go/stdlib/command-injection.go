package fixture

import (
	"context"
	"fmt"
	"os/exec"
)

func flawed(ctx context.Context, host string) {
	// ruleid: go.stdlib.shell-command-from-variable
	exec.Command("sh", "-c", "ping "+host)
	// ruleid: go.stdlib.shell-command-from-variable
	exec.Command("/bin/bash", "-c", fmt.Sprintf("ping %s", host))
	// ruleid: go.stdlib.shell-command-from-variable
	exec.CommandContext(ctx, "bash", "-c", "ping "+host)
}

func sound(host string) {
	// ok: go.stdlib.shell-command-from-variable
	exec.Command("ping", host)
	// ok: go.stdlib.shell-command-from-variable
	exec.Command("sh", "-c", "ping localhost")
	// ok: go.stdlib.shell-command-from-variable
	exec.Command("git", "-c", "core.editor="+host)
}
