package dashboard

import (
	html "html/template"
	"slices"
	"strings"
)

// group is a part of the navigation.
type group struct {
	Title string // "" for the first
	Links []navLink
}

// navLink leads to a page, or out of the dashboard.
type navLink struct {
	Title, Path string
	Icon        string
	Current     bool
	Count       string // of what waits; "" for none
}

// navigation are the pages that there are; path is the one that is shown, waiting how
// many identity checks wait for a person.
func (d *dashboard) navigation(path, waiting string) []group {
	build := []navLink{{Title: "API explorer", Path: "/docs", Icon: "code"}}
	if d.HasContacts {
		build = append(build, navLink{Title: "GraphQL explorer", Path: "/docs/graphql", Icon: "braces"})
	}
	if d.HasDemo {
		build = append(build, navLink{Title: "Link Demo", Path: "/demo", Icon: "play"})
	}
	if d.Sandbox {
		build = append(build, navLink{Title: "Test bank", Path: "/bank/online", Icon: "cube"})
	}
	if d.Sandbox && d.IDV != nil {
		build = append(build, navLink{Title: "Test documents", Path: specimensRoot, Icon: "id"})
	}
	all := []group{
		{Links: []navLink{{Title: "Overview", Path: Root, Icon: "grid"}}},
		{Title: "Set up", Links: []navLink{
			{Title: "Keys", Path: Root + "/keys", Icon: "key"},
			{Title: "Integrations", Path: Root + "/integrations", Icon: "plug"},
			{Title: "Application profile", Path: Root + "/profile", Icon: "card"},
			{Title: "Link customization", Path: Root + "/customization", Icon: "sliders"},
			{Title: "Redirect URIs", Path: Root + "/redirects", Icon: "return"},
		}},
		{Title: "Build", Links: build},
	}
	if d.IDV != nil {
		all = slices.Insert(all, 1, group{Title: "Activity", Links: []navLink{{Title: "Identity checks", Path: identityRoot, Icon: "shield", Count: waiting}}})
	}
	for _, g := range all {
		for i := range g.Links {
			g.Links[i].Current = g.Links[i].Path == path || g.Links[i].Path == identityRoot && strings.HasPrefix(path, identityRoot+"/")
		}
	}
	return all
}

// icons are strokes on 24 units (the design language knows no others).
var icons = map[string]html.HTML{
	"grid":    `<rect x="4" y="4" width="6.5" height="6.5" rx="1"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1"/><rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1"/>`,
	"key":     `<circle cx="8" cy="15.5" r="3.75"/><path d="M10.75 12.75L19.5 4M15.5 8l3 3"/>`,
	"plug":    `<path d="M9 3.5V8M15 3.5V8M6.5 8h11v3.5a5.5 5.5 0 01-11 0zM12 17v3.5"/>`,
	"card":    `<rect x="3.5" y="5" width="17" height="14" rx="1.5"/><circle cx="9" cy="10.75" r="2"/><path d="M5.75 16c.5-1.75 1.75-2.5 3.25-2.5s2.75.75 3.25 2.5M14.5 10h3.5M14.5 13.5h3.5"/>`,
	"id":      `<rect x="3" y="5.5" width="18" height="13" rx="2"/><rect x="6" y="9" width="4.5" height="5.5" rx="0.75"/><path d="M13.5 9.5h4.5M13.5 12h4.5M13.5 14.5h2.500"/>`,
	"sliders": `<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/><circle cx="9" cy="16.5" r="2"/>`,
	"return":  `<path d="M9 6L4.5 10.5 9 15M4.5 10.5H15a4.5 4.5 0 010 9h-3.5"/>`,
	"code":    `<path d="M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5"/>`,
	"braces":  `<path d="M8.5 4.5c-2.25 0-2.75 1-2.75 2.75v2c0 1.5-.75 2.5-2.25 2.75 1.5.25 2.25 1.25 2.25 2.75v2c0 1.75.5 2.75 2.75 2.75M15.5 4.5c2.25 0 2.75 1 2.75 2.75v2c0 1.5.75 2.5 2.25 2.75-1.5.25-2.25 1.25-2.25 2.75v2c0 1.75-.5 2.75-2.75 2.75"/>`,
	"play":    `<path d="M7.5 5.5l11 6.5-11 6.5z"/>`,
	"cube":    `<path d="M12 3.5l8 4.25v8.5l-8 4.25-8-4.25v-8.5z"/><path d="M4 7.75l8 4.25 8-4.25M12 12v8.5"/>`,
	"shield":  `<path d="M12 3l7.5 2.5V11c0 4.7-3.1 8.2-7.5 10-4.4-1.8-7.5-5.3-7.5-10V5.5z"/><path d="M8.75 11.75l2.35 2.35 4.3-4.5"/>`,
	"eye":     `<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.75"/>`,
	"dash":    `<path d="M6 12h12"/>`,
	"cross":   `<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>`,
	"clock":   `<circle cx="12" cy="12" r="8.75"/><path d="M12 7v5l3.25 2"/>`,
	"menu":    `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"warn":    `<path d="M12 4l9 15.5H3z"/><path d="M12 10v4.5M12 17v.01"/>`,
	"info":    `<circle cx="12" cy="12" r="8.75"/><path d="M12 11v5M12 7.75v.01"/>`,
	"tick":    `<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
	"down":    `<path d="M6.5 9.5L12 15l5.5-5.5"/>`,
	"search":  `<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>`,
	"copy":    `<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5v-2a2 2 0 00-2-2h-7a2 2 0 00-2 2v7a2 2 0 002 2h2"/>`,
}

func icon(name string) html.HTML { return icons[name] }
