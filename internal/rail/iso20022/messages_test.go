package iso20022

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 22, 9, 30, 15, 250_000_000, time.UTC)

func transfer() Transfer {
	return Transfer{
		MessageID: "20261122110000000GC00000000001", CreatedAt: now, Clearing: RTP,
		EndToEndID: "9f1e0c2a4b6d4e8f8a7b6c5d4e3f2a1b", TxID: "9f1e0c2a4b6d4e8f8a7b6c5d4e3f2a1b",
		UETR: "9f1e0c2a-4b6d-4e8f-8a7b-6c5d4e3f2a1b", Cents: 1,
		DebtorName: "Glencheck", DebtorAccount: "9900000001", DebtorRouting: "110000000",
		CreditorName: "Zoë & Søn <Ltd>", CreditorNumber: "1111222233330000", CreditRouting: "333333334",
		Remittance: "#ABC WONDERWALLE ACCTVERIFY",
	}
}

func status() Status {
	tr := transfer()
	return Status{
		MessageID: "S1", CreatedAt: now, OriginalMessageID: tr.MessageID, OriginalEndToEndID: tr.EndToEndID,
		OriginalTxID: tr.TxID, OriginalUETR: tr.UETR, Status: Settled, AcceptedAt: now,
	}
}

func rejection() Status {
	s := status()
	s.Status, s.Reason, s.AcceptedAt = Rejected, ReasonWrongAccount, time.Time{}
	return s
}

func notice() Notice {
	tr := transfer()
	return Notice{
		MessageID: "N1", CreatedAt: now, Account: tr.CreditorNumber, Owner: tr.CreditorName, Routing: tr.CreditRouting,
		Reference: "B-1", BookedAt: now, Cents: 1, EndToEndID: tr.EndToEndID, TxID: tr.TxID, UETR: tr.UETR, Remittance: tr.Remittance,
	}
}

type message interface{ Marshal() ([]byte, error) }

// TestMessagesKeepToTheirDefinitions checks each message by our own reading of
// the definitions and, where GLENCHECK_ISO20022_XSD names a directory with the
// published ones and xmllint is there, by those.
func TestMessagesKeepToTheirDefinitions(t *testing.T) {
	for schema, list := range map[string][]message{
		"pacs.008.001.08.xsd": {transfer()},
		"pacs.002.001.10.xsd": {status(), rejection()},
		"camt.054.001.08.xsd": {notice()},
	} {
		for _, m := range list {
			out, err := m.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range conforms(t, out) {
				t.Errorf("%s: %s", schema, fault)
			}
			lint(t, schema, out)
		}
	}
}

func lint(t *testing.T, schema string, out []byte) {
	t.Helper()
	dir := os.Getenv("GLENCHECK_ISO20022_XSD")
	tool, err := exec.LookPath("xmllint")
	if dir == "" || err != nil {
		t.Logf("%s: the published definition is not at hand", schema)
		return
	}
	file := filepath.Join(t.TempDir(), "message.xml")
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(tool, "--nonet", "--noout", "--schema", filepath.Join(dir, schema), file).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", schema, err, said, out)
	}
}

func TestMessagesReadBack(t *testing.T) {
	out, _ := transfer().Marshal()
	back, err := ParseTransfer(out)
	if diff := cmp.Diff(transfer(), back); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, s := range []Status{status(), rejection()} {
		out, _ := s.Marshal()
		back, err := ParseStatus(out)
		if diff := cmp.Diff(s, back); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	out, _ = notice().Marshal()
	note, err := ParseNotice(out)
	if diff := cmp.Diff(notice(), note); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestAnyTransferReadsBack: whatever Check lets through is written so that it
// keeps to the definition and reads back the same.
func TestAnyTransferReadsBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tr := transfer()
		tr.MessageID = rapid.StringN(0, 40, -1).Draw(rt, "message id")
		tr.CreditorName = rapid.StringN(0, 150, -1).Draw(rt, "name")
		tr.CreditorNumber = rapid.StringMatching(`[0-9A-Z]{1,36}`).Draw(rt, "number")
		tr.Remittance = rapid.StringN(0, 150, -1).Draw(rt, "remittance")
		tr.Cents = rapid.Int64Range(-5, 1<<62).Draw(rt, "cents")
		out, err := tr.Marshal()
		if err != nil {
			var field *FieldError
			if !errors.As(err, &field) {
				rt.Fatal(err)
			}
			return
		}
		if wrong := conforms(t, out); wrong != nil {
			rt.Fatal(wrong)
		}
		back, err := ParseTransfer(out)
		if diff := cmp.Diff(tr, back); diff != "" || err != nil {
			rt.Fatal(diff, err)
		}
	})
}

func TestWrongTransfersAreRefused(t *testing.T) {
	for field, spoil := range map[string]func(*Transfer){
		"GrpHdr/MsgId":              func(t *Transfer) { t.MessageID = strings.Repeat("x", 36) },
		"GrpHdr/CreDtTm":            func(t *Transfer) { t.CreatedAt = time.Time{} },
		"GrpHdr/SttlmInf/ClrSys/Cd": func(t *Transfer) { t.Clearing = "ACH" },
		"PmtId/EndToEndId":          func(t *Transfer) { t.EndToEndID = "" },
		"PmtId/UETR":                func(t *Transfer) { t.UETR = strings.ToUpper(t.UETR) },
		"IntrBkSttlmAmt":            func(t *Transfer) { t.Cents = 0 },
		"CdtrAgt":                   func(t *Transfer) { t.CreditRouting = "333333335" },
		"DbtrAgt":                   func(t *Transfer) { t.DebtorRouting = "11000000" },
		"Cdtr/Nm":                   func(t *Transfer) { t.CreditorName = "a\x00b" },
		"RmtInf/Ustrd":              func(t *Transfer) { t.Remittance = strings.Repeat("é", 141) },
	} {
		tr := transfer()
		spoil(&tr)
		var wrong *FieldError
		if _, err := tr.Marshal(); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestForeignMessages(t *testing.T) {
	good, _ := transfer().Marshal()
	text := string(good)
	for name, in := range map[string]string{
		"empty":          "",
		"no xml":         "ISO8583",
		"cut off":        text[:len(text)/2],
		"two roots":      text + "<Document/>",
		"another space":  strings.Replace(text, "pacs.008.001.08", "pacs.008.001.09", 1),
		"a doctype":      strings.Replace(text, "<Document", `<!DOCTYPE d [<!ENTITY a "b">]><Document`, 1),
		"an entity":      strings.Replace(text, "Glencheck", "&lol;", 1),
		"too large":      text + strings.Repeat(" ", MaxMessage),
		"two transfers":  strings.Replace(text, "</CdtTrfTxInf>", "</CdtTrfTxInf><CdtTrfTxInf></CdtTrfTxInf>", 1),
		"euros":          strings.ReplaceAll(text, `"USD"`, `"EUR"`),
		"half a cent":    strings.ReplaceAll(text, ">0.01<", ">0.005<"),
		"a minus":        strings.ReplaceAll(text, ">0.01<", ">-0.01<"),
		"no time":        strings.ReplaceAll(text, "2026-11-22T", "yesterday"),
		"another prefix": strings.ReplaceAll(text, "MsgId", "x:MsgId"),
	} {
		if tr, err := ParseTransfer([]byte(in)); err == nil {
			t.Errorf("%s is read as %+v", name, tr)
		} else if strings.Contains(err.Error(), "WONDERWALLE") || strings.Contains(err.Error(), "1111222233330000") {
			t.Errorf("%s: the error repeats what it was given: %v", name, err)
		}
	}
	if _, err := ParseTransfer([]byte(strings.Replace(text, "<PmtTpInf>", "<PmtTpInf><New>later versions add elements</New>", 1))); err != nil {
		t.Errorf("an unknown element: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, m := range []message{transfer(), status(), rejection(), notice()} {
		out, _ := m.Marshal()
		f.Add(out)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var again message
		var err error
		if tr, e := ParseTransfer(in); e == nil {
			again = tr
		} else if s, e := ParseStatus(in); e == nil {
			again = s
		} else if n, e := ParseNotice(in); e == nil {
			again = n
		} else {
			return
		}
		out, err := again.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if wrong := conforms(t, out); wrong != nil {
			t.Fatal(wrong)
		}
	})
}
