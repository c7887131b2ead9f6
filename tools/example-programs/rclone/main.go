// Rclone as the data-sync example runs it: the released code with the local backend and the two commands of its script,
// which builds in a fraction of the time that all backends take.
package main

import (
	_ "github.com/rclone/rclone/backend/local"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/lsf"
	_ "github.com/rclone/rclone/cmd/sync"
)

func main() {
	cmd.Main()
}
