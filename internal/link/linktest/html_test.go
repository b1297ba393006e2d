package linktest

import "testing"

func TestProblemsAreFound(t *testing.T) {
	if found := Problems(`<div id="a"><p for="a">x<br></p><path d="M0 0"/><input value="1 &lt; 2" disabled></div>`); len(found) != 0 {
		t.Errorf("good HTML: %v", found)
	}
	for _, bad := range []string{
		`<div><p></div></p>`, `<div>`, `<p></p><p></p>`, `text <`, `<div><script></script></div>`, `<p style="x"></p>`,
		`<p onclick="x"></p>`, `<p><b id="a"></b><i id="a"></i></p>`, `<label for="b"></label>`, `<a href="javascript:x"></a>`,
	} {
		if len(Problems(bad)) == 0 {
			t.Errorf("nothing found in %s", bad)
		}
	}
}
