package explorer

import "strings"

// operation is one that the GraphQL page has ready. In its variables ORG_ID stands for
// the organisation, and CONTACT_ID, SESSION_ID, WEBHOOK_ID and API_KEY_ID for what the
// page has seen last in an answer.
type operation struct{ Title, Query, Variables string }

// operationGroup is operations about one thing.
type operationGroup struct {
	Title      string
	Operations []operation
}

const pageInfo = `    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }`

var operations = []operationGroup{
	{"Verification", []operation{
		{"Verify a new contact", `mutation ContactCreateIdvSession($input: ContactCreateIdvSession!) {
  contactCreateIdvSession(input: $input) {
    id
    token
    expiresAt
  }
}`, `{
  "input": {
    "orgId": "ORG_ID"
  }
}`},
		{"What became of it", `query Session($orgId: ID!, $id: ID!) {
  contactIdvSession(orgId: $orgId, id: $id) {
    status
    contactId
    identityVerificationId
    expiresAt
    completedAt
  }
}`, `{
  "orgId": "ORG_ID",
  "id": "SESSION_ID"
}`},
		{"Sessions, page by page", `query Sessions($input: ContactIdvSessionsInput!) {
  contactIdvSessions(input: $input) {
    edges {
      node {
        id
        status
        contactId
        createdAt
      }
    }
` + pageInfo + `
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "first": 10
  }
}`},
	}},
	{"Contacts", []operation{
		{"Create a contact", `mutation CreateContact($input: CreateContactInput!) {
  createContact(input: $input) {
    id
    name
    phone
    createdAt
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "givenName": "Leslie",
    "familyName": "Knope",
    "phone": "+1 415 555 0123"
  }
}`},
		{"Contacts, page by page", `query Contacts($input: ContactsInput!) {
  contacts(input: $input) {
    edges {
      node {
        id
        name
        email
        phone
        identity {
          status
        }
      }
      cursor
    }
` + pageInfo + `
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "first": 10,
    "after": null
  }
}`},
		{"One contact and its identity", `query Contact($orgId: ID!, $id: ID!) {
  contact(orgId: $orgId, id: $id) {
    name
    givenName
    familyName
    email
    phone
    updatedAt
    identity {
      status
      identityVerificationId
      steps {
        name
        status
      }
      attempts
    }
  }
}`, `{
  "orgId": "ORG_ID",
  "id": "CONTACT_ID"
}`},
		{"Verify this contact", `mutation ContactCreateIdvSession($input: ContactCreateIdvSession!) {
  contactCreateIdvSession(input: $input) {
    id
    token
    expiresAt
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "contactId": "CONTACT_ID"
  }
}`},
		{"Change a contact", `mutation UpdateContact($input: UpdateContactInput!) {
  updateContact(input: $input) {
    id
    name
    email
    phone
    updatedAt
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "id": "CONTACT_ID",
    "email": "leslie@example.com",
    "phone": null
  }
}`},
		{"What became of a contact", `query Changes($input: ContactChangesInput!) {
  contactChanges(input: $input) {
    edges {
      node {
        kind
        actor
        at
        before {
          name
          email
        }
        after {
          name
          email
        }
      }
    }
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "contactId": "CONTACT_ID"
  }
}`},
	}},
	{"Webhooks", []operation{
		{"Subscribe to events", `mutation WebhookCreate($input: WebhookCreateInput!) {
  webhookCreate(input: $input) {
    webhook {
      id
      url
      events
      secretCheckValue
    }
    signingSecret
  }
}`, `{
  "input": {
    "ownerId": "ORG_ID",
    "url": "https://example.com/hook",
    "events": [
      "contact.created.v1",
      "contact.identity.status.changed.v1"
    ]
  }
}`},
		{"Subscriptions", `query Webhooks($input: WebhooksInput!) {
  webhooks(input: $input) {
    edges {
      node {
        id
        ownerId
        url
        events
        enabled
        secretCheckValue
      }
    }
  }
}`, `{
  "input": {
    "ownerId": "ORG_ID"
  }
}`},
		{"What was sent", `query WebhookRequests($input: WebhookRequestsInput!) {
  webhookRequests(input: $input) {
    edges {
      node {
        id
        status
        attempts
        lastStatusCode
        lastError
        nextAttemptAt
        payload
      }
    }
` + pageInfo + `
  }
}`, `{
  "input": {
    "webhookId": "WEBHOOK_ID",
    "first": 10
  }
}`},
	}},
	{"Organisations and keys", []operation{
		{"Organisations", `query Orgs {
  orgs {
    edges {
      node {
        id
        name
        status
        templateId
        overwriteChannels
      }
    }
  }
}`, ""},
		{"Make a key for one organisation", `mutation ApiKeyCreate($input: ApiKeyCreateInput!) {
  apiKeyCreate(input: $input) {
    apiKey {
      id
      scopes
    }
    secret
  }
}`, `{
  "input": {
    "orgId": "ORG_ID",
    "name": "CRM",
    "scopes": [
      "contacts:read",
      "sessions:create"
    ]
  }
}`},
		{"Keys", `query ApiKeys {
  apiKeys {
    edges {
      node {
        id
        name
        orgId
        scopes
        lastUsedAt
        revokedAt
      }
    }
  }
}`, ""},
	}},
}

// operationsFor are the operations with an organisation filled in; "" leaves ORG_ID to
// the visitor.
func operationsFor(org string) []operationGroup {
	if org == "" {
		return operations
	}
	all := make([]operationGroup, len(operations))
	for i, g := range operations {
		all[i].Title = g.Title
		for _, o := range g.Operations {
			o.Variables = strings.ReplaceAll(o.Variables, "ORG_ID", org)
			all[i].Operations = append(all[i].Operations, o)
		}
	}
	return all
}
