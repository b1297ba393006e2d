//go:build unix

package ocr

import (
	"context"
	"os/exec"
	"strconv"
)

// bounded is the program with bounds on its memory and its time on the processor,
// which a shell sets before it becomes the program.
func bounded(ctx context.Context, path string, args ...string) *exec.Cmd {
	limits := "ulimit -v " + strconv.Itoa(maxMemory/1024) + " 2>/dev/null; ulimit -t " + strconv.Itoa(int(maxTime.Seconds())) + ` 2>/dev/null; exec "$0" "$@"`
	return exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", limits, path}, args...)...)
}
