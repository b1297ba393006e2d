package server

import "testing"

func TestLayout(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{`{"b":1,"a":"<x>"}`, `{"b": 1, "a": "<x>"}`},
		{`{"first":{"one":"value","two":23631.9805},"list":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15],"none":null,"empty":[]}`, `{
  "first": {"one": "value", "two": 23631.9805},
  "list": [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    14, 15
  ],
  "none": null,
  "empty": []
}`},
		{`[{"name":"a rather long value that fills a line"},{"name":"b"}]`, `[
  {
    "name": "a rather long value that fills a line"
  },
  {"name": "b"}
]`},
		{"ok\n", "ok"},
		{`{"a":`, `{"a":`},
		{`{"a":1} {"b":2}`, `{"a":1} {"b":2}`},
	} {
		if got := Layout([]byte(tc.in), 48); got != tc.want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", tc.in, got, tc.want)
		}
	}
}
