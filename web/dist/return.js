"use strict";(()=>{var e="glencheck:returned";var n=window.opener;n?.postMessage(e,location.origin);window.close();})();
