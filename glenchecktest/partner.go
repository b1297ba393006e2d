package glenchecktest

// Partner is the processor partner alloy, which reads accounts that were handed to it
// with keys of its own (docs/processors.md).
type Partner struct {
	// ClientID and Secret are its keys, for a program that is the partner's.
	ClientID, Secret string

	s *Server
}

// Call makes a call with the partner's keys, as Server.Call does with the server's.
func (p *Partner) Call(path string, in, out any) error {
	return p.s.callAs(p.ClientID, p.Secret, path, in, out)
}

// Token hands an account to the partner, as the program that has the access token
// would.
func (p *Partner) Token(accessToken, accountID string) (processorToken string, err error) {
	var out struct {
		ProcessorToken string `json:"processor_token"`
	}
	in := map[string]string{"access_token": accessToken, "account_id": accountID, "processor": "alloy"}
	err = p.s.Call("/processor/token/create", in, &out)
	return out.ProcessorToken, err
}
