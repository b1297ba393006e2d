//go:build !unix

package ocr

import (
	"context"
	"os/exec"
)

// bounded is the program. Its time is bounded; of its memory nothing here can say.
func bounded(ctx context.Context, path string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, path, args...)
}
