// Tests with the official Go client and the official OpenAPI document. They
// are a module of their own so that a user of Glencheck downloads neither.
module github.com/glencheck-dev/glencheck/clienttest

go 1.26.8

require (
	github.com/getkin/kin-openapi v0.152.0
	github.com/plaid/plaid-go/v41 v41.4.0
)

require (
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/golang/protobuf v1.5.2 // indirect
	github.com/oasdiff/yaml v0.1.1 // indirect
	github.com/oasdiff/yaml3 v0.0.14 // indirect
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // indirect
	golang.org/x/net v0.17.0 // indirect
	golang.org/x/oauth2 v0.0.0-20220822191816-0ebed06d0094 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/appengine v1.6.7 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/glencheck-dev/glencheck => ../
