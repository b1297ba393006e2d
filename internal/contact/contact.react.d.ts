// <contact-idv-session> in the JSX of React 19, which sets token as a property and hears
// events by their names. It stands beside contact.d.ts.
/// <reference path="./contact.d.ts" />

import type { DetailedHTMLProps, HTMLAttributes } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "contact-idv-session": DetailedHTMLProps<HTMLAttributes<ContactIdvSessionElement>, ContactIdvSessionElement> &
        ContactIdvSessionAttributes & {
          "oncontact-identity-loaded"?: (event: CustomEvent<null>) => void;
          "oncontact-identity-complete"?: (event: CustomEvent<null>) => void;
          "oncontact-identity-closed"?: (event: CustomEvent<null>) => void;
        };
    }
  }
}
