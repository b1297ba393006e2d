package server

import (
	"context"
	"os"
)

// readTeam reads the file of --team.
func (r *rooms) readTeam(g ground) error {
	name := g.Config.Team
	if name == "" {
		return nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return usage("--team: %v", err)
	}
	if r.given, err = r.teams.ReadFile(raw, r.hasInstitution); err != nil {
		return usage("--team %s: %v", name, err)
	}
	return nil
}

// applyTeam gives the server's client what the file says, at each start.
func (r *rooms) applyTeam(ctx context.Context, g ground) error {
	if r.given == nil {
		return nil
	}
	return r.teams.Apply(ctx, g.Config.ClientID, r.given)
}
