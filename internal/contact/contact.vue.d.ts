// <contact-idv-session> in the templates of Vue 3. It stands beside contact.d.ts.
/// <reference path="./contact.d.ts" />

import type { DefineComponent } from "vue";

interface ContactIdvSessionProps extends ContactIdvSessionAttributes {
  onContactIdentityLoaded?: (event: CustomEvent<null>) => void;
  onContactIdentityComplete?: (event: CustomEvent<null>) => void;
  onContactIdentityClosed?: (event: CustomEvent<null>) => void;
}

declare module "vue" {
  interface GlobalComponents {
    "contact-idv-session": DefineComponent<ContactIdvSessionProps>;
  }
}
