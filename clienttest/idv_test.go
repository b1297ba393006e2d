package clienttest

import (
	"testing"

	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// TestWebhooksOfIdentityVerificationKeepTheContract lets happen what they tell of.
func TestWebhooksOfIdentityVerificationKeepTheContract(t *testing.T) {
	type object = map[string]any
	s, contract := servertest.Start(t), official(t)
	s.Call(t, "/sandbox/webhook/receivers/set", object{"urls": []string{"https://app.example/hook"}})
	s.Call(t, "/identity_verification/create", object{
		"client_user_id": "user-1~kyc_check=failed", "template_id": "idvtmp_KycSourceAAAA1", "gave_consent": true, "is_shareable": true,
	})
	s.Call(t, "/sandbox/clock/advance", object{"seconds": 1})
	s.Call(t, "/identity_verification/retry", object{"client_user_id": "user-1~kyc_check=failed", "template_id": "idvtmp_KycSourceAAAA1", "strategy": "reset"})
	schemas := map[string]string{
		"STEP_UPDATED": "IdentityVerificationStepUpdatedWebhook", "STATUS_UPDATED": "IdentityVerificationStatusUpdatedWebhook",
		"RETRIED": "IdentityVerificationRetriedWebhook",
	}
	list, err := s.Delivered(webhook.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		for _, p := range contract.CheckSchema(schemas[d.Code], d.Body) {
			t.Errorf("%s: %s in %s", d.Code, p, d.Body)
		}
		delete(schemas, d.Code)
	}
	if len(schemas) > 0 {
		t.Errorf("not delivered: %v", schemas)
	}
}
