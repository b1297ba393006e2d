package institution

import (
	"context"
	_ "embed"
	"strings"
	"sync"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// categoriesData has a category a line: id, group, and the hierarchy with " > "
// between its levels.
//
//go:embed categories.txt
var categoriesData string

// category is schema Category.
type category struct {
	ID        string   `json:"category_id"`
	Group     string   `json:"group"` // place or special
	Hierarchy []string `json:"hierarchy"`
}

// categories are the legacy categories of transactions. Nothing here answers
// transactions; clients ask for the list when they start.
var categories = sync.OnceValue(func() []category {
	var out []category
	for line := range strings.Lines(categoriesData) {
		words := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
		out = append(out, category{words[0], words[1], strings.Split(words[2], " > ")})
	}
	return out
})

type categoriesResponse struct {
	Categories []category `json:"categories"`
}

func categoriesGet(context.Context, api.Call, struct{}) (categoriesResponse, error) {
	return categoriesResponse{categories()}, nil
}
