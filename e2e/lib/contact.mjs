// What the tests of contacts share: the API as a team's server asks it, and a person
// who is verified.

import assert from "node:assert/strict";

export const ORG = "35dHMM4pFzIykUsys1CDyZ9Xtkz";
export const KEY = "glencheck-sandbox-contacts-key";
export const KYC = "idvtmp_KycSourceAAAA1"; // terms and the data source

/** The contacts' API of a server. */
export function contactsOf(url) {
  async function graph(query, variables = {}) {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }
  return {
    graph,
    session: async (more = {}) =>
      (await graph("mutation ($input: ContactCreateIdvSession!) { contactCreateIdvSession(input: $input) { id token } }", { input: { orgId: ORG, templateId: KYC, ...more } }))
        .contactCreateIdvSession,
    result: async (id) => (await graph(`{ contactIdvSession(orgId: "${ORG}", id: "${id}") { status contactId identityVerificationId } }`)).contactIdvSession,
  };
}

/** Fills in what the sandbox offers, but for what is given. */
export async function details(link, typed = {}) {
  await link.locator("#aut-button").click(); // the terms
  for (const field of ["#idv-country", "#idv-given-name", "#idv-street", "#idv-date-of-birth", "#idv-id-number"]) {
    await link.locator(field).waitFor();
    await link.getByTestId("sandbox-hint").getByRole("button").click();
    if (typed[field]) await link.locator(field).fill(typed[field]);
    await link.locator("#aut-button").click();
  }
}

/** It runs in the page: what the element tells, in order. */
export const listening = `window.heard = [];
for (const name of ["loaded", "complete", "closed"]) document.addEventListener("contact-identity-" + name, (e) => heard.push(name + (e.composed && e.bubbles && e.detail === null ? "" : " ?")));`;
export const heard = (page) => page.evaluate(() => window.heard);
